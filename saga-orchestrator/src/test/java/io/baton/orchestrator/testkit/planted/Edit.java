package io.baton.orchestrator.testkit.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A change of one place of the source.
 *
 * @param module the directory of its module
 * @param type the class, with its package
 * @param right what stands there; exactly once
 * @param wrong what is put in its place
 */
record Edit(String module, String type, String right, String wrong) {

    /** Where the file is; tests run in their module's directory. */
    Path source() {
        return Path.of("..", module, "src", "main", "java", type.replace('.', '/') + ".java");
    }

    /**
     * The text with the change in it.
     *
     * @throws IllegalStateException if the text is not as it was when the mistake was thought of
     */
    String applyTo(String text) {
        int at = text.indexOf(right);
        if (at < 0 || text.indexOf(right, at + 1) >= 0) {
            throw new IllegalStateException("Expected once in " + type + ": " + right);
        }
        return text.substring(0, at) + wrong + text.substring(at + right.length());
    }

    String originalText() {
        try {
            return Files.readString(source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
