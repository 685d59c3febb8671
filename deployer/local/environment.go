package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"purser"
	"purser/deployer"
)

const applicationJSON = "SPRING_APPLICATION_JSON"

// appProperties are the properties of an application as they were given, the ones of its SPRING_APPLICATION_JSON apart.
type appProperties struct {
	plain  map[string]string
	merged map[string]json.RawMessage // nil without SPRING_APPLICATION_JSON
}

// readProperties takes the properties apart. CodeInvalid when SPRING_APPLICATION_JSON is no JSON object.
func readProperties(properties map[string]string) (appProperties, error) {
	p := appProperties{plain: maps.Clone(properties)}
	text, ok := properties[applicationJSON]
	if !ok {
		return p, nil
	}
	if err := json.Unmarshal([]byte(text), &p.merged); err != nil {
		return appProperties{}, purser.Errorf(purser.CodeInvalid, "property %s is no JSON object: %w", applicationJSON, err)
	}
	delete(p.plain, applicationJSON)
	return p, nil
}

// port gives the port that the application says it will listen on; ok is false when it says nothing, and a port below 1
// stands for an unknown one (spec/deployers.md §2.4). CodeInvalid.
func (p appProperties) port() (port int, ok bool, err error) {
	text, ok := deployer.NewProperties(p.plain).Lookup("server.port")
	if raw, merged := p.merged["server.port"]; merged {
		text, ok = strings.Trim(string(raw), `"`), true
	}
	if text = strings.TrimSpace(text); !ok || text == "" {
		return 0, false, nil
	}
	if port, err = strconv.Atoi(text); err != nil || port > 65535 {
		return 0, false, purser.Errorf(purser.CodeInvalid, "property server.port is '%s', expected a port", text)
	}
	return max(port, 0), true, nil
}

// environment gives the variables of one instance (spec/deployers.md §2.2): what it inherits of environ, and its
// properties over that. Properties never become arguments, where every user of the machine could read them.
func (s settings) environment(environ []string, d record, p appProperties, i slot) ([]string, error) {
	guid, index := instanceID(d.ID, i.Index), strconv.Itoa(i.Index)
	all := maps.Clone(p.plain)
	if all == nil {
		all = map[string]string{}
	}
	all["spring.jmx.default-domain"] = d.ID
	if _, ok := all["endpoints.shutdown.enabled"]; !ok {
		all["endpoints.shutdown.enabled"] = "true"
	}
	all["endpoints.jmx.unique-names"] = "true"
	all["spring.cloud.application.group"] = d.Group
	if _, ok, _ := p.port(); !ok {
		all["server.port"] = strconv.Itoa(i.Port)
	}
	if s.AppAdminUser != "" {
		all["spring.cloud.streamapp.security.admin-user"] = s.AppAdminUser
		all["spring.cloud.streamapp.security.admin-password"] = s.AppAdminPassword
	}
	variables := s.inherited(environ)
	_, asked := deployer.NewProperties(p.plain).Lookup(prefix + "use-spring-application-json")
	if !s.UseSpringApplicationJSON && !asked {
		all["INSTANCE_INDEX"], all["SPRING_APPLICATION_INDEX"], all["SPRING_CLOUD_APPLICATION_GUID"] = index, index, guid
		maps.Copy(variables, all)
		if p.merged != nil {
			text, err := marshal(p.merged)
			if err != nil {
				return nil, err
			}
			variables[applicationJSON] = text
		}
		return pairs(variables), nil
	}
	for _, name := range []string{"instance.index", "spring.cloud.stream.instanceIndex", "spring.application.index"} {
		all[name] = index
	}
	all["spring.cloud.application.guid"] = guid
	text, err := mergedJSON(all, p.merged)
	if err != nil {
		return nil, err
	}
	variables[applicationJSON] = text
	return pairs(variables), nil
}

// inherited gives the variables of environ whose names the account or the request wants passed on.
func (s settings) inherited(environ []string) map[string]string {
	kept := map[string]string{}
	for _, expression := range s.EnvVarsToInherit {
		fits, err := wholeName(expression)
		if err != nil {
			continue // refused when it was read
		}
		for _, variable := range environ {
			if name, text, ok := strings.Cut(variable, "="); ok && fits.MatchString(name) {
				kept[name] = text
			}
		}
	}
	return kept
}

func mergedJSON(all map[string]string, over map[string]json.RawMessage) (string, error) {
	object := make(map[string]any, len(all)+len(over))
	for name, text := range all {
		object[name] = text
	}
	for name, raw := range over {
		object[name] = raw
	}
	return marshal(object)
}

func marshal(object any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return "", fmt.Errorf("the application's properties cannot be written as JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func pairs(variables map[string]string) []string {
	list := make([]string, 0, len(variables))
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		list = append(list, name+"="+variables[name])
	}
	return list
}

// instanceID is the id, and the guid, of an instance.
func instanceID(deploymentID string, index int) string {
	return fmt.Sprintf("%s-%d", deploymentID, index)
}
