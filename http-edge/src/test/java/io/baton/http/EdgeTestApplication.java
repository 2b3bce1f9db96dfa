package io.baton.http;

import io.baton.http.access.Opening;
import io.baton.messaging.TransactionalMessagingAutoConfiguration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A service with nothing in it but its edge. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class, TransactionalMessagingAutoConfiguration.class})
@Import(EdgeTestApplication.Things.class)
public class EdgeTestApplication {

    @Bean
    Opening openThings() {
        return new Opening(HttpMethod.POST, "/things", Opening.To.CUSTOMERS);
    }

    enum Colour {
        RED,
        GREEN
    }

    record Part(@Nullable String name, int quantity) {}

    record Thing(
            @Nullable String name,
            @Nullable Integer size,
            @Nullable Colour colour,
            @Nullable Boolean fragile,
            @Nullable List<Part> parts,
            @Nullable MoneyJson price) {}

    @RestController
    static class Things {

        @PostMapping("/things")
        ResponseEntity<Map<String, Object>> make(
                @RequestBody Thing thing, Prefer prefer, @Nullable IdempotencyKey key) {
            Violations violations = new Violations();
            violations.requireText("/name", thing.name(), 10);
            if (thing.price() != null) {
                MoneyJson.read("/price", thing.price(), 1, violations);
            }
            violations.throwIfAny();
            return ResponseEntity.accepted().body(Map.of(
                    "wait", prefer.waitAtMost().toSeconds(), "key", key == null ? "none" : key.value()));
        }

        @GetMapping("/things/{version}")
        ResponseEntity<Map<String, Object>> read(@PathVariable long version) {
            return EntityTags.ok(version, Map.of("version", version));
        }

        @GetMapping("/search")
        Map<String, Object> search(@RequestParam int limit) {
            return Map.of("limit", limit);
        }

        @DeleteMapping("/things/{version}")
        void delete(@PathVariable long version) {}

        @GetMapping("/bug")
        void bug() {
            throw new IllegalStateException("a secret of the inside");
        }

        @GetMapping("/down")
        void down() {
            throw new DataAccessResourceFailureException("no connection to 10.0.0.1");
        }
    }
}
