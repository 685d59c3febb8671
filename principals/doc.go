// Package principals finds out who a caller is, by tables of credentials that stand in the configuration: bearer tokens,
// fixed keys, tokens of a project, users with passwords, and tokens that this server has signed itself.
//
// Invariant: how long an answer takes does not depend on how much of a credential is right: digests of the same length are
// compared, all of them, in constant time.
package principals
