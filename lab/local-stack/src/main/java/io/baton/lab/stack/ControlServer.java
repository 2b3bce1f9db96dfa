package io.baton.lab.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets other processes of the same user stop and start parts of the stack, over HTTP on the loopback address.
 *
 * <pre>
 * GET  /processes                     name, state, pid of each
 * POST /processes/{name}/stop         in order; it stays stopped
 * POST /processes/{name}/start        answers when it is ready
 * POST /processes/{name}/kill         SIGKILL; it is started again a second later
 * POST /down                          ends everything
 * </pre>
 */
final class ControlServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One process, for the answer. */
    record Status(String name, String state, @Nullable Long pid) {}

    /** @param afterwards is done once the answer is sent, since it may be the end of this server */
    private record Answer(int status, Object body, Runnable afterwards) {

        Answer(int status, Object body) {
            this(status, body, () -> {});
        }
    }

    private record Problem(String detail) {}

    private final HttpServer server;
    private final String token = Credentials.generate();
    private final List<Supervised> processes;
    private final Runnable down;

    /** @param down asked for the end of everything; must not wait for it */
    ControlServer(List<Supervised> processes, Runnable down) {
        this.processes = List.copyOf(processes);
        this.down = down;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(Layout.HOST), 0), 0);
        } catch (IOException cause) {
            throw new StackException("The control port cannot be opened: " + cause.getMessage(), cause);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    StackDescription.Control description() {
        return new StackDescription.Control("http://" + Layout.HOST + ":" + server.getAddress().getPort(), token);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = isAllowed(exchange) ? answer(exchange) : problem(401, "The token of stack.json is needed.");
            } catch (RuntimeException problem) {
                answer = problem(409, String.valueOf(problem.getMessage()));
            }
            byte[] body = JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            answer.afterwards().run();
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    private Answer answer(HttpExchange exchange) {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        String method = exchange.getRequestMethod();
        if (method.equals("GET") && path.length == 1 && path[0].equals("processes")) {
            return new Answer(200, processes.stream().map(ControlServer::status).toList());
        }
        if (method.equals("POST") && path.length == 1 && path[0].equals("down")) {
            return new Answer(202, List.of(), down);
        }
        if (method.equals("POST") && path.length == 3 && path[0].equals("processes")) {
            Supervised process = processes.stream()
                    .filter(candidate -> candidate.name().equals(path[1]))
                    .findFirst()
                    .orElse(null);
            if (process == null) {
                return problem(404, "There is no process %s. There are: %s".formatted(path[1], names()));
            }
            switch (path[2]) {
                case "stop" -> process.stop();
                case "start" -> process.start();
                case "kill" -> process.kill();
                default -> {
                    return problem(404, "A process can be told stop, start or kill.");
                }
            }
            return new Answer(200, status(process));
        }
        return problem(404, "There is nothing at " + method + " " + exchange.getRequestURI().getPath());
    }

    private String names() {
        return String.join(", ", processes.stream().map(Supervised::name).toList());
    }

    private static Status status(Supervised process) {
        ProcessHandle handle = process.process();
        return new Status(
                process.name(),
                process.state().name(),
                handle == null || !handle.isAlive() ? null : Long.valueOf(handle.pid()));
    }

    private static Answer problem(int status, String detail) {
        return new Answer(status, new Problem(detail));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
