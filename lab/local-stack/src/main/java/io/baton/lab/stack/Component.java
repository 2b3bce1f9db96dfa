package io.baton.lab.stack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One process of the stack. Started, stopped and killed by one thread at a time; asked by any. */
interface Component {

    String name();

    /**
     * Starts the process and returns when it answers.
     *
     * @throws RuntimeException if it does not; the message says why, and nothing is left running
     */
    void start();

    /** Ends the process in order and returns when it has ended. */
    void stop();

    /** SIGKILL; returns when the process has ended. */
    void kill();

    /** The process that was started last; null before the first start and after a stop. */
    @Nullable ProcessHandle process();

    Path log();
}
