package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** More customers come at once than the order service has room for, while its database lets it wait. */
class CrowdIT {

    private static final int CUSTOMERS = Integer.getInteger("baton.crowd", 6_000);

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "crowd").open(10_000, "1000000.00");

    @Test
    void those_for_whom_there_is_no_room_are_told_to_come_again_and_all_others_are_served() throws Exception {
        long process = stack.pid("order-service");
        List<String> answers;
        try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor();
                Connection database = stack.administrator("order-service");
                Statement prices = database.createStatement()) {
            database.setAutoCommit(false);
            prices.execute("LOCK TABLE catalogue");
            URI url = URI.create(stack.url("order-service"));
            List<Future<String>> orders = Stream.generate(() -> customers.submit(() -> order(url)))
                    .limit(CUSTOMERS)
                    .toList();
            await("the refusals").atMost(Duration.ofSeconds(60)).until(() -> orders.stream()
                            .filter(Future::isDone)
                            .count()
                    > CUSTOMERS / 2);
            database.rollback();
            answers = orders.stream().map(CrowdIT::result).toList();
        }

        assertThat(stack.pid("order-service")).as("the process that was there before").isEqualTo(process);
        assertThat(answers).allMatch(answer -> isAccepted(answer) || answer.startsWith("HTTP/1.1 503"));
        assertThat(answers).filteredOn(answer -> !isAccepted(answer))
                .isNotEmpty()
                .allMatch(refusal -> refusal.contains("Retry-After: ") && refusal.contains("application/problem+json"));
        List<String> accepted = answers.stream()
                .filter(CrowdIT::isAccepted)
                .map(answer -> RunningStack.JSON
                        .readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
                        .get("orderId")
                        .asString())
                .toList();
        accepted.forEach(order -> shop.awaitEnd(order, "COMPLETED"));
        shop.awaitEnd(shop.place(shop.order(1, "DE")), "COMPLETED");
        System.out.printf("Of %,d orders at once %,d were accepted.%n", CUSTOMERS, accepted.size());
    }

    /** Orders on a connection of its own, as people do, and returns the whole answer. */
    private String order(URI url) {
        byte[] body = shop.order(1, "DE").getBytes(StandardCharsets.UTF_8);
        String head = """
                POST /orders HTTP/1.1
                Host: %s
                Connection: close
                Content-Type: application/json
                Content-Length: %d

                """.formatted(url.getAuthority(), body.length).replace("\n", "\r\n");
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write((head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAccepted(String answer) {
        return answer.startsWith("HTTP/1.1 202");
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
