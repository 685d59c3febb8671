package templates

import "testing"

// The table of spec/packages.md §2.6, and what lies at its edges.
func TestPlainScalars(t *testing.T) {
	for _, row := range []struct {
		source string
		kind   kind
		want   string
	}{
		{"1.10", kindFloat, "1.1"},
		{"1.0", kindFloat, "1.0"},
		{"1e3", kindFloat, "1000.0"},
		{"1.0E10", kindFloat, "1.0E10"},
		{"1.0e-7", kindFloat, "1.0E-7"},
		{"010", kindInt, "8"},
		{"017", kindInt, "15"},
		{"0_17", kindInt, "15"},
		{"-010", kindInt, "-8"},
		{"00", kindInt, "0"},
		{"-0", kindInt, "0"},
		{"-00", kindInt, "0"},
		{"089", kindText, "089"},
		{"08", kindText, "08"},
		{"0o17", kindText, "0o17"},
		{"0b12", kindText, "0b12"},
		{"0x1g", kindText, "0x1g"},
		{"0X1F", kindText, "0X1F"},
		{"_1", kindText, "_1"},
		{"0x", kindText, "0x"},
		{"0b", kindText, "0b"},
		{"0x1F", kindInt, "31"},
		{"-0x1f", kindInt, "-31"},
		{"0xdead_beef", kindInt, "3735928559"},
		{"0x_f", kindInt, "15"},
		{"0b11", kindInt, "3"},
		{"-0b101", kindInt, "-5"},
		{"0b1_0", kindInt, "2"},
		{"+0b1", kindInt, "1"},
		{"1_000", kindInt, "1000"},
		{"1__0", kindInt, "10"},
		{"1_", kindInt, "1"},
		{"+5", kindInt, "5"},
		{"123456789012345678901234567890", kindInt, "123456789012345678901234567890"},
		{"1,000", kindText, "1,000"},
		{"1.2.3", kindText, "1.2.3"},
		{"1-2", kindText, "1-2"},
		{"--1", kindText, "--1"},
		{"v1", kindText, "v1"},
		{"+", kindText, "+"},
		{"-", kindText, "-"},
		{".", kindText, "."},
		{"-.", kindText, "-."},
		{"12:30", kindInt, "750"},
		{"1:2", kindInt, "62"},
		{"190:20:30", kindInt, "685230"},
		{"-12:30", kindInt, "-750"},
		{"60:00", kindInt, "3600"},
		{"190:20:30.15", kindFloat, "685230.15"},
		{"1:30.5", kindFloat, "90.5"},
		{"1:30.", kindFloat, "90.0"},
		{"01:30.5", kindFloat, "90.5"},
		{"1:60", kindText, "1:60"},
		{"01:30", kindText, "01:30"},
		{"00:30", kindText, "00:30"},
		{"0:0", kindText, "0:0"},
		{".5", kindFloat, "0.5"},
		{"1.", kindFloat, "1.0"},
		{"+.5", kindFloat, "0.5"},
		{"-0.0", kindFloat, "-0.0"},
		{"-.5", kindFloat, "-0.5"},
		{"1_000.5", kindFloat, "1000.5"},
		{"1.e+3", kindFloat, "1000.0"},
		{".5e1", kindFloat, "5.0"},
		{"08.5", kindFloat, "8.5"},
		{"yes", kindBool, "true"},
		{"on", kindBool, "true"},
		{"True", kindBool, "true"},
		{"TRUE", kindBool, "true"},
		{"no", kindBool, "false"},
		{"Off", kindBool, "false"},
		{"OFF", kindBool, "false"},
		{"y", kindText, "y"},
		{"N", kindText, "N"},
		{"tRue", kindText, "tRue"},
		{"yEs", kindText, "yEs"},
		{"t", kindText, "t"},
		{"~", kindNull, "null"},
		{"null", kindNull, "null"},
		{"Null", kindNull, "null"},
		{"NULL", kindNull, "null"},
		{"", kindNull, "null"},
		{"nUll", kindText, "nUll"},
		{"=", kindText, "="},
		{".inf", kindFloat, "Infinity"},
		{"+.inf", kindFloat, "Infinity"},
		{".INF", kindFloat, "Infinity"},
		{"-.inf", kindFloat, "-Infinity"},
		{".nan", kindFloat, "NaN"},
		{".NaN", kindFloat, "NaN"},
		{"-.nan", kindText, "-.nan"},
		{"inf", kindText, "inf"},
		{"1e400", kindFloat, "Infinity"},
		{"-1e400", kindFloat, "-Infinity"},
		{"1e-400", kindFloat, "0.0"},
		{"5e-324", kindFloat, "4.9E-324"},
		{"12345678.0", kindFloat, "1.2345678E7"},
		{"9999999.0", kindFloat, "9999999.0"},
		{"10000000.0", kindFloat, "1.0E7"},
		{"0.001", kindFloat, "0.001"},
		{"0.0001", kindFloat, "1.0E-4"},
		{"0.00012345", kindFloat, "1.2345E-4"},
		{"1.7976931348623157e308", kindFloat, "1.7976931348623157E308"},
		{"100.0", kindFloat, "100.0"},
		{"2020-01-01", kindTime, "2020-01-01T00:00:00Z"},
		{"2020-1-1", kindText, "2020-1-1"},
		{"2001-12-14t21:59:43.10-05:00", kindTime, "2001-12-15T02:59:43.100Z"},
		{"2001-12-14 21:59:43.1 -5", kindTime, "2001-12-15T02:59:43.100Z"},
		{"2020-1-2 3:04:05Z", kindTime, "2020-01-02T03:04:05Z"},
		{"2001-12-14 21:59:43", kindTime, "2001-12-14T21:59:43Z"},
		{"2020-01-01T00:00:00.", kindTime, "2020-01-01T00:00:00Z"},
		{"2020-13-45", kindTime, "2021-02-14T00:00:00Z"},
		{"2020-01-01T00:00:00+25:00", kindTime, "2020-01-01T00:00:00Z"},
		{"2020-13-01x", kindText, "2020-13-01x"},
	} {
		k, merge := plainKind(row.source)
		if k != row.kind || merge {
			t.Errorf("%q is read as kind %d, want %d", row.source, k, row.kind)
			continue
		}
		if v, err := scalarOf(k, row.source); err != nil || v.text != row.want {
			t.Errorf("%q is %v, %v, want %s", row.source, v, err, row.want)
		}
	}
}

func TestTaggedScalarsThatDoNotFit(t *testing.T) {
	for _, row := range []struct {
		kind   kind
		source string
	}{
		{kindInt, "x"},
		{kindInt, ""},
		{kindInt, "1.5"},
		{kindInt, "0x"},
		{kindInt, "--1"},
		{kindInt, "0b2"},
		{kindInt, "1:x"},
		{kindInt, "0x-1"},
		{kindFloat, "x"},
		{kindFloat, ""},
		{kindFloat, "."},
		{kindFloat, "1:x"},
		{kindFloat, "0x1p3"},
		{kindFloat, "inf"},
		{kindBool, "maybe"},
		{kindBool, ""},
		{kindTime, "today"},
		{kindTime, ""},
		{kindBinary, "*"},
	} {
		if v, err := scalarOf(row.kind, row.source); err == nil {
			t.Errorf("%q as kind %d is %q", row.source, row.kind, v.text)
		}
	}
}

func TestDatesAsText(t *testing.T) {
	v, err := scalarOf(kindTime, "2001-12-14t21:59:43.10-05:00")
	if err != nil || v.javaText() != "Sat Dec 15 02:59:43 UTC 2001" {
		t.Errorf("%v, %v", v, err)
	}
}

func TestJavaHash(t *testing.T) {
	for s, want := range map[string]int32{"": 0, "a": 97, "key": 106079, "value": 111972721, "polygenelubricants": -2147483648, "😀": 1772899} {
		if got := int32(javaHash(s)); got != want {
			t.Errorf("%q has the hash %d, want %d", s, got, want)
		}
	}
}

func TestHashOrder(t *testing.T) {
	for _, row := range []struct {
		rule     string
		in, want []string
	}{
		{"by bucket", []string{"key", "value"}, []string{"value", "key"}},
		{"single letters in their order", []string{"c", "a", "b"}, []string{"a", "b", "c"}},
		{"in one bucket by insertion", []string{"BB", "Aa"}, []string{"BB", "Aa"}},
		{
			"the table grows beyond three quarters",
			[]string{"q", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"},
			[]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "q"},
		},
		{"and is small before", []string{"q", "a", "b"}, []string{"q", "a", "b"}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got := hashOrder(row.in, func(s string) string { return s })
			for i := range got {
				if got[i] != row.want[i] {
					t.Fatalf("got %v, want %v", got, row.want)
				}
			}
		})
	}
}
