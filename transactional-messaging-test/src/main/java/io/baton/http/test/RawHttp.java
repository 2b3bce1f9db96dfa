package io.baton.http.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, which no well-behaved client would, and reads the one answer. */
public final class RawHttp {

    public record Answer(int status, String head, String body) {

        public boolean isProblem() {
            return head.toLowerCase(java.util.Locale.ROOT).contains("content-type: application/problem+json");
        }
    }

    private RawHttp() {}

    public static Answer send(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server may have answered and closed before it read everything.
            }
            return read(socket);
        }
    }

    public static Answer send(int port, String request) throws IOException {
        return send(port, request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Answer read(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (true) {
            String text = bytes.toString(StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0 && complete(text.substring(0, end), text.substring(end + 4))) {
                String head = text.substring(0, end);
                return new Answer(Integer.parseInt(head.substring(9, 12)), head, text.substring(end + 4));
            }
            int n = socket.getInputStream().read(buffer);
            if (n < 0) {
                String head = end < 0 ? text : text.substring(0, end);
                return new Answer(
                        head.length() < 12 ? 0 : Integer.parseInt(head.substring(9, 12)),
                        head,
                        end < 0 ? "" : text.substring(end + 4));
            }
            bytes.write(buffer, 0, n);
        }
    }

    private static boolean complete(String head, String body) {
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        if (at >= 0) {
            int length = Integer.parseInt(lower.substring(at + 16).split("\r\n")[0].strip());
            return body.getBytes(StandardCharsets.UTF_8).length >= length;
        }
        return lower.contains("transfer-encoding: chunked")
                ? body.endsWith("0\r\n\r\n")
                : lower.startsWith("http/1.1 304");
    }
}
