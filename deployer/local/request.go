package local

import (
	"maps"

	"purser"
	"purser/deployer"
)

// settings are what one deployment runs with: the account's settings with those of the request over them.
type settings struct {
	Account
	count  int
	memory deployer.Size // 0: not given
	boot   string        // major version of Spring Boot
}

// most is how many instances of one deployment the platform starts at most.
const most = 10000

// settingsFor reads deployment properties (spec/deployers.md §1.3, §2.1). CodeInvalid.
func (a Account) settingsFor(properties map[string]string) (settings, error) {
	a.JavaHomePath = maps.Clone(a.JavaHomePath)
	s := settings{Account: a}
	all := deployer.NewProperties(properties)
	own := all.Under(prefix)
	for _, o := range options() {
		if o.scope == accountOnly {
			continue
		}
		if err := o.bind(own, &s.Account); err != nil {
			return settings{}, purser.Errorf(purser.CodeInvalid, "property %s%w", prefix, err)
		}
	}
	generic := all.Under(deployer.GenericPrefix)
	var err error
	if s.count, err = generic.Int("count", 1, 0); err != nil {
		return settings{}, err
	}
	if s.count > most {
		return settings{}, tooMany(s.count)
	}
	if s.memory, err = generic.Size("memory", 0); err != nil {
		return settings{}, err
	}
	s.boot = generic.Text("boot-version", "3")
	return s, nil
}

func tooMany(count int) error {
	return purser.Errorf(purser.CodeInvalid, "the number of instances is %d, expected 0 to %d", count, most)
}
