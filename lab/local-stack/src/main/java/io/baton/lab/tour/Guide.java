package io.baton.lab.tour;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the visitor what happens, and remembers what was not as it should be. */
final class Guide {

    private final PrintStream out;
    private final List<String> differences = new ArrayList<>();
    private int stop;

    Guide(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        stop++;
        out.printf("%n%d. %s%n", stop, text);
    }

    void command(String text) {
        out.println("   $ " + text);
    }

    void say(String text) {
        out.println("   " + text);
    }

    /** Notes a difference, and goes on. */
    void expect(String what, @Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            String difference = "%d. %s: expected %s but it is %s".formatted(stop, what, expected, actual);
            differences.add(difference);
            out.println("   !! " + difference);
        }
    }

    List<String> differences() {
        return List.copyOf(differences);
    }
}
