package memory

import (
	"purser"
	"purser/repository"
)

func (st *state) findRepositories(f purser.RepositoryFilter) ([]purser.Repository, int) {
	rows := st.repositories.all(func(r *purser.Repository) bool {
		return (f.ID == 0 || r.ID == f.ID) && (f.Name == "" || r.Name == f.Name)
	})
	sortRows(rows, f.Order, repositoryOrders)
	return page(rows, f.Page, func(r *purser.Repository) purser.Repository { return repository.CloneRepository(*r) })
}

func (st *state) createRepository(r *purser.Repository) error {
	if st.repositories.first(func(o *purser.Repository) bool { return o.Name == r.Name }) != nil {
		return repository.ErrRepositoryExists(r.Name)
	}
	r.ID = st.repositories.nextID()
	st.repositories.insert(repository.CloneRepository(*r))
	return nil
}
