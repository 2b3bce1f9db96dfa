package io.baton.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are made from the code and committed. A test run compares them; with a switch, it writes them. */
final class Generated {

    static final String SWITCH = "baton.update-generated";
    static final boolean UPDATE = Boolean.getBoolean(SWITCH);

    private Generated() {}

    static void assertUpToDate(Path file, String content) throws IOException {
        if (UPDATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }
        assertThat(file)
                .as("%s is made from the code. Run the tests of common-events with -D%s=true and commit it.", file, SWITCH)
                .exists()
                .content()
                .isEqualTo(content);
    }
}
