package purser

// PackageDetails is a package with what stands in its archive for people alone.
type PackageDetails struct {
	Package
	Readme *string          // text of its readme; nil without one
	Nested []PackageDetails // those of Dependencies, in their order
}
