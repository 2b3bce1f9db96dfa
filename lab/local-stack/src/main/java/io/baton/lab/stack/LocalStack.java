package io.baton.lab.stack;

import io.baton.embedded.EmbeddedServerException;
import io.baton.lab.stack.StackDescription.ProcessEntry;
import io.baton.lab.stack.StackOptions.Against;
import io.baton.lab.tour.ComposeTarget;
import io.baton.lab.tour.Tour;
import io.baton.lab.tour.TourException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** The program behind {@code ./demo}. */
public final class LocalStack {

    private static final Duration DOWN_PATIENCE = Duration.ofMinutes(1);

    private final StackOptions options;
    private final PrintStream out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private LocalStack(StackOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Does what the command line says; the exit code is 0, or 1 with a message on standard error. */
    public static void main(String[] arguments) {
        int exitCode;
        try {
            exitCode = new LocalStack(StackOptions.parse(List.of(arguments)), System.out).run();
        } catch (StackException | EmbeddedServerException | TourException problem) {
            System.out.flush();
            System.err.println(problem.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private int run() {
        return switch (options.command()) {
            case RUN -> stayUp();
            case TOUR -> tour();
            case STATUS -> status();
            case STOP, START, KILL -> tell();
            case DOWN -> down();
            case OPERATOR -> operator();
            case TRAIN -> train();
            case HELP -> help();
        };
    }

    private int stayUp() {
        CountDownLatch end = new CountDownLatch(1);
        try (StackLock _ = lock();
                Stack stack = open(end)) {
            stack.start();
            printTable(stack.description());
            if (stack.isUntrained()) {
                out.println("./demo train, once after a build, makes the next starts quicker.");
            }
            end.await();
            out.println("Stopping.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        out.println("Stopped.");
        return 0;
    }

    private int tour() {
        if (options.against() == Against.COMPOSE) {
            return new Tour(http, ComposeTarget.find(options.root()), out).play() ? 0 : 1;
        }
        StackLock lock = StackLock.acquire(options.directory());
        if (lock == null) {
            out.println("Using the stack that runs in " + options.directory() + ".");
            return new Tour(http, new LocalTarget(running(), http), out).play() ? 0 : 1;
        }
        boolean passed;
        try (lock;
                Stack stack = open(new CountDownLatch(1))) {
            stack.start();
            passed = new Tour(http, new LocalTarget(stack.description(), http), out).play();
        }
        return passed ? 0 : 1;
    }

    private StackLock lock() {
        StackLock lock = StackLock.acquire(options.directory());
        if (lock == null) {
            throw new StackException("Baton runs already (process %s, %s). Use that one, or end it: ./demo down"
                    .formatted(StackLock.holder(options.directory()), options.directory()));
        }
        return lock;
    }

    /** A stack that is ended at Ctrl-C, at SIGTERM and with the process that was named as its parent. */
    private Stack open(CountDownLatch end) {
        List<String> left = Leftovers.end(options.directory());
        if (!left.isEmpty()) {
            out.println("Ended what the last run had left: " + String.join(", ", left) + ".");
        }
        Stack stack = new Stack(options, out, http, end::countDown);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stack-end"));
        if (options.parent() != 0) {
            ProcessHandle.of(options.parent())
                    .ifPresentOrElse(
                            parent -> parent.onExit().thenRun(() -> System.exit(0)),
                            () -> {
                                throw new StackException("The process that started this one has ended.");
                            });
        }
        return stack;
    }

    private StackDescription running() {
        return StackDescription.read(options.directory())
                .orElseThrow(() -> new StackException(
                        "No stack runs in %s. Start one with ./demo".formatted(options.directory())));
    }

    private int status() {
        StackDescription description = running();
        for (JsonNode process : new ControlClient(http, description.control()).processes()) {
            String pid = process.path("pid").isNull() ? "" : "process " + process.path("pid").asString();
            String url = description.process(process.path("name").asString()).url();
            out.printf(
                    "  %-20s %-9s %-15s %s%n",
                    process.path("name").asString(),
                    process.path("state").asString().toLowerCase(Locale.ROOT).replace('_', ' '),
                    pid,
                    url == null ? "" : url);
        }
        return 0;
    }

    private int tell() {
        String name = String.valueOf(options.process());
        String verb = options.command().name().toLowerCase(Locale.ROOT);
        new ControlClient(http, running().control()).tell(name, verb);
        out.println(
                switch (options.command()) {
                    case STOP -> name + " is stopped.";
                    case START -> name + " is ready.";
                    default -> name + " was killed; it is started again by itself.";
                });
        return 0;
    }

    private int down() {
        StackDescription description = running();
        ProcessEntry self = description.process(Layout.SELF);
        new ControlClient(http, description.control()).down();
        ProcessHandle.of(self.pid() == null ? 0 : self.pid()).ifPresent(process -> {
            try {
                process.onExit().get(DOWN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException late) {
                throw new StackException("Process %d was told to end and still runs.".formatted(process.pid()), late);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        out.println("Stopped.");
        return 0;
    }

    private int operator() {
        StackDescription.Operator operator = running().operator();
        out.println(operator.user() + ":" + operator.password());
        return 0;
    }

    private int train() {
        try (StackLock _ = lock()) {
            new Training(options, out).run();
        } catch (RuntimeException problem) {
            throw problem;
        } catch (Exception cause) {
            throw new StackException("The training failed: " + cause.getMessage(), cause);
        }
        return 0;
    }

    private int help() {
        out.println(StackOptions.USAGE);
        return 0;
    }

    private void printTable(StackDescription description) {
        out.println();
        for (ProcessEntry process : description.processes()) {
            if (process.managementUrl() != null) {
                out.printf("  %-20s %-24s management %s%n", process.name(), process.url(), process.managementUrl());
            } else if (process.database() != null) {
                out.printf("  %-20s %s%n", process.name(), process.database().jdbcUrl());
            } else if (process.name().equals(Layout.KAFKA)) {
                out.printf("  %-20s %s%n", process.name(), description.kafka().bootstrapServers());
            } else if (!process.name().equals(Layout.SELF)) {
                out.printf("  %-20s %s%n", process.name(), process.url());
            }
        }
        out.printf(
                "  %-20s user %s, password %s (new at each start)%n",
                "operator", description.operator().user(), description.operator().password());
        out.printf("  %-20s %s%n", "logs", options.directory().resolve("logs"));
        Path file = StackDescription.file(options.directory());
        out.printf("  %-20s %s%n%n", "all of this, as JSON", file);
        out.println("Ctrl-C ends everything. In another terminal: ./demo --tour, ./demo status, ./demo --help");
    }
}
