package io.baton.lab.load;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a server.
 *
 * @param head the status line and the headers, each ended by CR LF
 * @param closes whether the server will not take another request on this connection
 */
record HttpAnswer(int status, String head, byte[] body, boolean closes) {

    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    /**
     * Reads an answer, and nothing behind it, from the first {@code length} bytes.
     *
     * @return null if the answer has not fully arrived
     * @throws IllegalArgumentException if this is not HTTP/1.1, or if the body has no end that can be seen
     */
    static @Nullable HttpAnswer parse(byte[] bytes, int length) {
        int endOfHead = indexOf(bytes, length, END_OF_HEAD);
        if (endOfHead < 0) {
            return null;
        }
        String head = new String(bytes, 0, endOfHead + 2, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 ") || head.length() < 12) {
            throw new IllegalArgumentException("Expected an answer of HTTP/1.1");
        }
        int status = Integer.parseInt(head, 9, 12, 10);
        int start = endOfHead + END_OF_HEAD.length;
        boolean closes = "close".equalsIgnoreCase(header(head, "Connection"));
        if (status == 204 || status == 304) {
            return new HttpAnswer(status, head, new byte[0], closes);
        }
        String declared = header(head, "Content-Length");
        byte[] body;
        if (declared != null) {
            int size = Integer.parseInt(declared);
            body = length - start >= size ? copy(bytes, start, size) : null;
        } else if ("chunked".equalsIgnoreCase(header(head, "Transfer-Encoding"))) {
            body = unchunk(bytes, start, length);
        } else {
            throw new IllegalArgumentException("Expected a Content-Length or chunks");
        }
        return body == null ? null : new HttpAnswer(status, head, body, closes);
    }

    /** The header's value; null if there is no such header. */
    @Nullable String header(String name) {
        return header(head, name);
    }

    private static @Nullable String header(String head, String name) {
        int line = head.indexOf('\n') + 1;
        while (line < head.length()) {
            int end = head.indexOf('\r', line);
            if (head.regionMatches(true, line, name, 0, name.length()) && head.charAt(line + name.length()) == ':') {
                return head.substring(line + name.length() + 1, end).strip();
            }
            line = end + 2;
        }
        return null;
    }

    private static byte @Nullable [] unchunk(byte[] bytes, int start, int length) {
        byte[] body = new byte[length - start];
        int filled = 0;
        int at = start;
        while (true) {
            int endOfLine = at;
            while (endOfLine < length && bytes[endOfLine] != '\n') {
                endOfLine++;
            }
            if (endOfLine >= length) {
                return null;
            }
            int size = Integer.parseInt(
                    new String(bytes, at, endOfLine - at, StandardCharsets.ISO_8859_1).strip(), 16);
            int next = endOfLine + 1 + size + 2;
            if (next > length) {
                return null;
            }
            if (size == 0) {
                return copy(body, 0, filled);
            }
            System.arraycopy(bytes, endOfLine + 1, body, filled, size);
            filled += size;
            at = next;
        }
    }

    private static byte[] copy(byte[] bytes, int start, int size) {
        byte[] copy = new byte[size];
        System.arraycopy(bytes, start, copy, 0, size);
        return copy;
    }

    private static int indexOf(byte[] bytes, int length, byte[] wanted) {
        for (int i = 0; i <= length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
