// Package local is the platform that runs applications as processes of the server's own machine, which must be a Linux
// one. Each instance runs under a small supervisor of its own (RunShim), which outlives the server, so that a restart of
// the server finds everything again; what is wanted stands in files of the state folder before anything is started.
// When a supervisor dies, its application runs on: the server watches it by itself, and only its exit code is lost. What
// was lost with the machine's last run is started again; what has ended by itself is not. Run folders, with the logs,
// outlive an undeploy for a while (Options.KeepFiles) and are removed at the latest when the server ends, unless
// delete-files-on-exit is false; those of running instances always stay.
//
// Invariant: the folder of one instance (its home) starts at most one process in its whole life. The supervisor holds
// the home's lock while it lives and refuses a home that has been used, whoever asks.
package local
