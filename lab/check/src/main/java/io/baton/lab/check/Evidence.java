package io.baton.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what speaks for and against one promise. */
final class Evidence {

    static final int EXAMPLES = 5;

    private final String promise;
    private final String title;
    private final List<String> examples = new ArrayList<>();
    private long examined;
    private long violations;

    Evidence(String promise, String title) {
        this.promise = promise;
        this.title = title;
    }

    /** One more thing was looked at. Without any, the promise was not exercised. */
    void examined() {
        examined++;
    }

    void examined(long count) {
        examined += count;
    }

    long count() {
        return examined;
    }

    /** The promise was broken: {@code example} says where and how. */
    void violated(String format, Object... arguments) {
        violations++;
        if (examples.size() < EXAMPLES) {
            examples.add(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
        }
    }

    /** The same if {@code kept} is false. */
    void expect(boolean kept, String format, Object... arguments) {
        if (!kept) {
            violated(format, arguments);
        }
    }

    /** @param counted what was looked at, for a person; arguments as for {@link String#format} */
    Finding finding(String counted, Object... arguments) {
        Verdict verdict = violations > 0 ? Verdict.VIOLATED : examined == 0 ? Verdict.NOT_EXERCISED : Verdict.OK;
        return new Finding(
                promise,
                verdict,
                title,
                String.format(Locale.ROOT, counted, arguments),
                violations,
                List.copyOf(examples));
    }
}
