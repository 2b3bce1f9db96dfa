package io.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadOptionsTest {

    @Test
    void without_options_one_order_in_ten_is_refused_by_delivery() {
        LoadOptions options = LoadOptions.parse();

        assertThat(options.refuseDelivery()).isEqualTo(0.10);
        assertThat(options.concurrency()).isEqualTo(64);
        assertThat(options.measured()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void options_are_read() {
        LoadOptions options = LoadOptions.parse("--rate", "20", "--seconds", "1.5", "--idempotency-keys", "1");

        assertThat(options.rate()).isEqualTo(20);
        assertThat(options.measured()).isEqualTo(Duration.ofMillis(1500));
        assertThat(options.idempotencyKeys()).isEqualTo(1);
    }

    @Test
    void bad_options_are_refused_by_name() {
        assertThatThrownBy(() -> LoadOptions.parse("--speed", "1")).hasMessageContaining("--speed");
        assertThatThrownBy(() -> LoadOptions.parse("--rate")).hasMessageContaining("--rate");
        assertThatThrownBy(() -> LoadOptions.parse("--rate", "fast")).hasMessageContaining("after --rate");
        assertThatThrownBy(() -> LoadOptions.parse("--concurrency", "0")).hasMessageContaining("after --concurrency");
        assertThatThrownBy(() -> LoadOptions.parse("--country", "de")).hasMessageContaining("after --country");
        assertThatThrownBy(() -> LoadOptions.parse("--refuse-stock", "0.6", "--refuse-payment", "0.5"))
                .hasMessageContaining("at most 1");
    }

    @Test
    void the_help_names_every_option_with_the_default_that_it_has() {
        LoadOptions defaults = LoadOptions.parse();

        assertThat(LoadOptions.HELP)
                .contains("--concurrency N", "(default " + defaults.concurrency() + ")")
                .contains("(default " + defaults.measured().toSeconds() + ")")
                .contains("--warmup S              seconds before the measuring starts (default "
                        + defaults.warmup().toSeconds() + ")")
                .contains("(default " + defaults.drain().toSeconds() + ")")
                .contains("(default " + defaults.servedCountry() + ")", "(default " + defaults.refusedCountry() + ")");
    }
}
