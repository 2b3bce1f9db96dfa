package io.baton.lab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlServerTest {

    @Test
    void who_asks_for_the_end_of_everything_is_answered_before_it_comes() throws Exception {
        CompletableFuture<ControlServer> server = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        server.complete(new ControlServer(List.of(), () -> {
            server.join().close();
            ended.complete(null);
        }));
        ControlClient client = new ControlClient(HttpClient.newHttpClient(), server.join().description());

        assertThatCode(client::down).doesNotThrowAnyException();

        ended.get(10, TimeUnit.SECONDS);
        assertThat(ended).isCompleted();
    }
}
