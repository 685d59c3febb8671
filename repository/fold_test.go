package repository_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"purser/repository"
)

func TestFold(t *testing.T) {
	for name, row := range map[string]struct{ a, b string }{
		"ASCII":              {"Hello-World_1.0", "hELLO-wORLD_1.0"},
		"Umlauts":            {"ÄPFEL", "äpfel"},
		"Greek":              {"ΣΊΣΥΦΟΣ", "σίσυφος"},
		"Cyrillic":           {"ПАКЕТ", "пакет"},
		"TheKelvinSign":      {"K", "\u212a"},
		"TheLongS":           {"s", "\u017f"},
		"NoCase":             {"名前 123", "名前 123"},
		"BytesThatAreNoText": {"A\xff", "a\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			if repository.Fold(row.a) != repository.Fold(row.b) {
				t.Errorf("%q and %q differ", repository.Fold(row.a), repository.Fold(row.b))
			}
		})
	}
	if repository.Fold("a") == repository.Fold("ä") {
		t.Error("letters with and without marks are the same")
	}
}

func TestFoldAgreesWithEqualFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.String().Draw(t, "a")
		b := rapid.OneOf(rapid.Just(strings.ToUpper(a)), rapid.Just(strings.ToLower(a)), rapid.Just(strings.ToTitle(a)), rapid.String()).Draw(t, "b")
		if got, want := repository.Fold(a) == repository.Fold(b), strings.EqualFold(a, b); got != want {
			t.Errorf("%q and %q are the same: %v, want %v", a, b, got, want)
		}
		if once := repository.Fold(a); repository.Fold(once) != once {
			t.Errorf("%q folds further", once)
		}
		if strings.ContainsFunc(repository.Fold(a), func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
			t.Errorf("%q has capitals", repository.Fold(a))
		}
	})
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			if repository.Fold(string(r)) != repository.Fold(string(other)) {
				t.Fatalf("%U and %U differ", r, other)
			}
		}
	}
}
