package alas

import "fmt"

// Codes of errors that the kit itself returns. Those of the same meaning are named as the host names them.
const (
	codeOfErrors       = "error"
	codeOfPanics       = "panic"
	codeWrongKind      = "wrong_kind"
	codeOutOfBounds    = "out_of_bounds"
	codeExpired        = "expired_handle"
	codeWrongGoroutine = "wrong_goroutine"
	codeNoHost         = "no_host"
	codeTooDeep        = "too_deep"
	codeUnsupported    = "unsupported_type"
	codeRegistration   = "invalid_registration"
)

// Error is a failure with a code, by which programs can tell it from others.
type Error struct {
	// Code is one word, such as "empty_input".
	Code string
	// Message says to people what went wrong.
	Message string

	cause error
}

// Errorf makes an error with a code. The rest is as in fmt.Errorf, %w included.
func Errorf(code, format string, arguments ...any) error {
	err := fmt.Errorf(format, arguments...)
	return &Error{Code: code, Message: err.Error(), cause: err}
}

// Error returns the message.
func (err *Error) Error() string {
	return err.Message
}

// Unwrap returns what this error was made of, so that errors.Is finds what %w took in.
func (err *Error) Unwrap() error {
	return err.cause
}

// refusal is a failure whose reason only the host knows. It has noted the reason, and reports it when the function fails
// without saying anything else.
type refusal struct {
	call   *Call
	number int
	what   string
}

func (err *refusal) Error() string {
	return "the host could not " + err.what + "; when the function returns this error, the host says why"
}

func wrongKind(wanted string, found Value) error {
	return Errorf(codeWrongKind, "expected %s, found %s", wanted, found.kind)
}
