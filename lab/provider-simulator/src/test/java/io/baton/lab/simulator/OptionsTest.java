package io.baton.lab.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void nothing_said_means_port_8090_on_loopback_with_no_file() {
        assertThat(Options.parse(new String[0])).isEqualTo(new Options("127.0.0.1", 8090, null));
    }

    @Test
    void everything_can_be_said() {
        assertThat(Options.parse(new String[] {"--state", "x.jsonl", "--port", "1", "--host", "0.0.0.0"}))
                .isEqualTo(new Options("0.0.0.0", 1, Path.of("x.jsonl")));
    }

    @Test
    void a_wrong_argument_is_named() {
        assertThatThrownBy(() -> Options.parse(new String[] {"--prot", "1"})).hasMessageContaining("--prot");
        assertThatThrownBy(() -> Options.parse(new String[] {"--port", "70000"})).hasMessageContaining("70000");
        assertThatThrownBy(() -> Options.parse(new String[] {"--port"})).hasMessageContaining("--port");
    }
}
