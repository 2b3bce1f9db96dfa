package io.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.baton.contract.Tsid;
import io.baton.lab.check.StackDescription.DatabaseAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the stack's description and a history file to the report. */
class CheckProgramTest {

    @TempDir
    Path directory;

    @Test
    void a_stack_is_judged_from_its_description() throws Exception {
        try (World world = Servers.worlds().healthy()) {
            HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            gateway.createContext("/gateway/ledger", exchange -> {
                byte[] body = """
                        {"entries":[{"id":"g-1","kind":"CAPTURE","idempotencyKey":"card-1","chargeKey":"card-1",
                        "reference":"%s","amountMinor":2500,"currency":"EUR","at":"2026-01-01T00:00:00Z"}]}"""
                        .formatted(Tsid.format(World.BY_CARD)).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            gateway.start();
            Path stack = stack(world, gateway.getAddress().getPort());
            Path history = Files.writeString(directory.resolve("history.jsonl"), """
                    {"op":"POST","key":"k-1","orderId":"%1$s","t0":1,"t1":2,"type":"ok","status":202,"end":"COMPLETED"}
                    {"op":"POST","key":"k-3","orderId":null,"t0":1,"t1":2,"type":"fail","status":400,"end":null}
                    {"op":"POST","key":null,"orderId":null,"t0":1,"t1":null,"type":"info","status":0,"end":null}
                    {"op":"GET","orderId":"%1$s","t0":3,"t1":4,"type":"ok","status":200,"end":"COMPLETED","version":2}
                    """.formatted(Tsid.format(World.COMPLETED)));

            CheckReport report = Check.run(CheckOptions.parse(
                    "--stack", stack.toString(), "--history", history.toString(), "--wait", "5"));
            gateway.stop(0);

            assertThat(report.exitCode()).as(report.text()).isZero();
            assertThat(report.quiet()).isTrue();
            assertThat(report.text())
                    .contains("P2  ok  a rejected request has no effect: 1 rejected requests with a key")
                    .contains("P4  ok  a client never reads the past: 1 reads of 1 orders")
                    .contains("P14 ok  our calls are the gateway's ledger: 1 entries");
            JsonNode json = JsonMapper.shared().readTree(report.json());
            assertThat(json.path("endedSagas").asInt()).isEqualTo(9);
            assertThat(json.at("/findings/0/promise").asString()).isEqualTo("P1");
        }
    }

    @Test
    void without_a_stack_it_says_what_to_do() {
        assertThatThrownBy(() -> Check.run(CheckOptions.parse("--stack", directory.resolve("none").toString())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("start ./demo first");
    }

    @Test
    void bad_options_are_refused_by_name() {
        assertThatThrownBy(() -> CheckOptions.parse("--hurry")).hasMessageContaining("--hurry");
        assertThatThrownBy(() -> CheckOptions.parse("--wait", "long")).hasMessageContaining("--wait");
        assertThatThrownBy(() -> CheckOptions.parse("--history")).hasMessageContaining("--history");
    }

    private Path stack(World world, int gatewayPort) throws Exception {
        StringJoiner processes = new StringJoiner(",");
        world.addresses().forEach((service, address) -> processes.add(process(service.toString(), address)));
        processes.add("{\"name\":\"provider-simulator\",\"url\":\"http://127.0.0.1:%d\"}".formatted(gatewayPort));
        return Files.writeString(
                directory.resolve("stack.json"),
                "{\"kafka\":{\"bootstrapServers\":\"%s\"},\"processes\":[%s]}"
                        .formatted(Servers.kafka().bootstrapServers(), processes));
    }

    private static String process(String name, DatabaseAddress address) {
        return "{\"name\":\"%s\",\"database\":{\"jdbcUrl\":\"%s\",\"user\":\"%s\",\"password\":\"%s\"}}"
                .formatted(name, address.jdbcUrl(), address.user(), address.password());
    }
}
