package sse

import "strconv"

// Comment is what keeps a connection alive on which nothing happens.
const Comment = ":\n\n"

// AppendFrame appends one event. The data is JSON in one line, as hal.Compact writes it.
func AppendFrame(dst []byte, name string, data []byte) []byte {
	dst = append(append(dst, "event: "...), name...)
	dst = append(append(dst, "\ndata: "...), data...)
	return append(dst, "\n\n"...)
}

// AppendNumbered is AppendFrame for an event that a client can come back to by its id.
func AppendNumbered(dst []byte, id int64, name string, data []byte) []byte {
	dst = strconv.AppendInt(append(dst, "id: "...), id, 10)
	return AppendFrame(append(dst, '\n'), name, data)
}
