package alas

// Kind says what a value is.
type Kind uint32

// The kinds of values, as the interface numbers them.
const (
	VoidKind Kind = iota
	BoolKind
	IntKind
	FloatKind
	TextKind
	ArrayKind
	MapKind
)

// String returns the kind as messages name it.
func (kind Kind) String() string {
	switch kind {
	case VoidKind:
		return "void"
	case BoolKind:
		return "a bool"
	case IntKind:
		return "an int"
	case FloatKind:
		return "a float"
	case TextKind:
		return "a text"
	case ArrayKind:
		return "an array"
	case MapKind:
		return "a map"
	}
	return "something that is no value"
}
