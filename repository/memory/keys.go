package memory

import (
	"purser"
	"purser/repository"
)

func (st *state) findKey(key purser.ReleaseKey) (purser.KeyRecord, error) {
	k := st.keys.first(func(k *purser.KeyRecord) bool { return k.Key == key })
	if k == nil {
		return purser.KeyRecord{}, repository.ErrNoKey(key)
	}
	return *k, nil
}

func (st *state) findKeyByUUID(uuid string) (purser.KeyRecord, error) {
	k := st.keys.first(func(k *purser.KeyRecord) bool { return k.UUID == uuid })
	if k == nil || uuid == "" {
		return purser.KeyRecord{}, repository.ErrNoKeyUUID(uuid)
	}
	return *k, nil
}

func (st *state) setKeyUUID(key purser.ReleaseKey, uuid string) error {
	if k, err := st.findKey(key); err == nil && k.UUID != "" {
		return repository.ErrKeyHasUUID(key)
	}
	st.changeKey(key, func(k purser.KeyRecord) purser.KeyRecord {
		k.UUID = uuid
		return k
	})
	return nil
}

// changeKey changes what is kept of a key, from nothing if need be.
func (st *state) changeKey(key purser.ReleaseKey, change func(k purser.KeyRecord) purser.KeyRecord) {
	if !st.keys.replaceFirst(func(k *purser.KeyRecord) bool { return k.Key == key }, change) {
		st.keys.insert(change(purser.KeyRecord{Key: key}))
	}
}
