// Package deployer is what the platforms share: the relaxed names of deployment properties, the sizes and lists in
// them, and the resources that applications are made of, fetched from files, web servers and Maven repositories into
// one cache.
//
// Invariant: a path that Fetch hands out holds a whole, checked file. What was cut off, too long or damaged on its way
// never gets a name in the cache.
package deployer
