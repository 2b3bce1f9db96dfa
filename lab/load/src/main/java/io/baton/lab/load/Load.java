package io.baton.lab.load;

import io.baton.contract.Tsid;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The load generator: a program, and a method for tests. */
public final class Load {

    private static final int SAMPLE = 50;

    private final LoadOptions options;
    private final PrintStream progress;
    private final Tally tally = new Tally();
    private final ProcessMeters meters = new ProcessMeters(Path.of("/proc"));
    private StackDescription stack;

    private Load(LoadOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
        this.stack = StackDescription.read(options.stack());
    }

    /** See {@code --help}. */
    public static void main(String[] args) throws InterruptedException, IOException {
        if (List.of(args).contains("--help")) {
            System.out.print(LoadOptions.HELP);
            return;
        }
        try {
            LoadReport report = run(LoadOptions.parse(args), System.err);
            System.out.println(report.json());
            System.exit(report.passed() ? 0 : 1);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Sets up, warms up, sends, waits for what is open, and reports.
     *
     * @param progress takes a line each second
     * @throws IllegalArgumentException if there is no stack or it lacks something
     * @throws IllegalStateException if the set-up fails; no order was sent
     * @throws IOException if the history cannot be written
     */
    public static LoadReport run(LoadOptions options, PrintStream progress) throws InterruptedException, IOException {
        return new Load(options, progress).run();
    }

    private LoadReport run() throws InterruptedException, IOException {
        URI orderService = stack.url("order-service");
        Fixtures fixtures = new Fixtures(stack);
        progress.println("setting up products and customers");
        fixtures.setUp(options.servedCountry());

        String run = Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36);
        OrderMix mix = new OrderMix(options, orderService, "load-" + run);
        RecentEnds sample = new RecentEnds(SAMPLE);
        try (ClientHistory history = new ClientHistory(options.out());
                HttpLoop http = new HttpLoop(orderService, options.requestTimeout())) {
            OrderTraffic traffic =
                    new OrderTraffic(options, mix, http, tally, history, orderService.getRawAuthority());
            try (OrderEnds ends = new OrderEnds(stack.bootstrapServers(), heard -> {
                traffic.ended(heard);
                sample.add(heard);
            })) {
                ends.awaitReady(Duration.ofSeconds(60));
                return drive(traffic, sample, fixtures);
            }
        }
    }

    private LoadReport drive(OrderTraffic traffic, RecentEnds sample, Fixtures fixtures)
            throws InterruptedException {
        TrafficThread thread = new TrafficThread(traffic);
        thread.start();
        long begin = System.nanoTime();
        Pace pace = new Pace(begin);
        pace.until(begin + options.warmup().toNanos(), thread);

        meters.start(stack.processes());
        double ownCpu = ownCpuSeconds();
        Totals before = Totals.of(tally);
        traffic.startMeasuring();
        if (options.orders() > 0) {
            // The last ends belong to the measure, too: a small run may have no others.
            while (thread.isAlive() && traffic.isSending()) {
                pace.next();
            }
            long end = System.nanoTime() + options.drain().toNanos();
            while (thread.isAlive() && System.nanoTime() - end < 0) {
                pace.until(Math.min(System.nanoTime() + 50_000_000L, end), thread);
            }
        } else {
            pace.until(before.nanoTime() + options.measured().toNanos(), thread);
        }
        meters.sampleCpu(stack.processes());
        Totals after = Totals.of(tally);
        double ownCpuUsed = ownCpuSeconds() - ownCpu;
        meters.sampleMemory(stack.processes());

        traffic.stopSending();
        pace.until(System.nanoTime() + options.drain().toNanos(), thread);
        traffic.giveUp();
        thread.finish();
        return report(before, after, ownCpuUsed, disagreements(sample, fixtures));
    }

    private LoadReport report(Totals before, Totals after, double ownCpuUsed, long disagreements) {
        double seconds = (after.nanoTime() - before.nanoTime()) / 1e9;
        long ended = after.ended() - before.ended();
        double perSaga = ended == 0 ? 0 : 1.0 / ended;
        return new LoadReport(
                LoadReport.rounded(seconds),
                tally.measuredAccepted(),
                tally.measuredCompleted(),
                tally.measuredCompensated(),
                tally.accepted.get() - tally.ended(),
                tally.unexpected.get(),
                LoadReport.rounded(ended / seconds),
                LoadReport.rounded((after.completed() - before.completed()) / seconds),
                tally.latency(),
                tally.post(),
                tally.rejected.get(),
                tally.unanswered.get(),
                tally.repeated.get(),
                disagreements,
                tally.eventsMissing.get(),
                LoadReport.ByProcess.of(meters.cpuSeconds(), 1000 * perSaga),
                LoadReport.ByProcess.of(meters.peakMegabytes(), 1),
                LoadReport.rounded(ownCpuUsed * 1e6 * perSaga));
    }

    /** Asks the order service for some of the last orders that ended. */
    private long disagreements(RecentEnds sample, Fixtures fixtures) throws InterruptedException {
        long disagreements = 0;
        for (Map.Entry<Long, Boolean> end : sample.ends().entrySet()) {
            String orderId = Tsid.format(end.getKey());
            OrderView order = fixtures.order(orderId);
            if (order == null || !order.ended() || order.completed() != end.getValue()) {
                disagreements++;
                progress.println("order " + orderId + " ended "
                        + (end.getValue() ? "COMPLETED" : "CANCELLED") + " by its event but is read back as "
                        + (order == null ? "unknown" : order.status()));
            }
        }
        return disagreements;
    }

    private static double ownCpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** Counts at one moment. */
    private record Totals(long nanoTime, long completed, long ended) {

        static Totals of(Tally tally) {
            return new Totals(System.nanoTime(), tally.completed.get(), tally.ended());
        }
    }

    /** Waits in steps of a second; after each it measures and prints a line. */
    private final class Pace {

        private final long begin;
        private long nextTick;
        private int ticks;

        Pace(long begin) {
            this.begin = begin;
            this.nextTick = begin + 1_000_000_000L;
        }

        void until(long deadline, TrafficThread thread) throws InterruptedException {
            while (thread.isAlive() && System.nanoTime() - deadline < 0) {
                thread.join(Duration.ofNanos(Math.max(1, Math.min(deadline, nextTick) - System.nanoTime())));
                tickIfDue();
            }
        }

        void next() throws InterruptedException {
            Thread.sleep(5);
            tickIfDue();
        }

        private void tickIfDue() {
            if (System.nanoTime() - nextTick < 0) {
                return;
            }
            nextTick += 1_000_000_000L;
            if (++ticks % 5 == 1) {
                refreshStack();
                meters.sampleMemory(stack.processes());
            }
            meters.sampleCpu(stack.processes());
            progress.printf(
                    "%4d s  sent %d  completed %d  compensated %d  open %d  rejected %d  errors %d  p50 %.1f ms%n",
                    (System.nanoTime() - begin) / 1_000_000_000L,
                    tally.sent.get(),
                    tally.completed.get(),
                    tally.compensated.get(),
                    tally.waiting.get(),
                    tally.rejected.get(),
                    tally.unanswered.get(),
                    tally.recentMedianMillis());
        }

        /** A process that was started again has another id. */
        private void refreshStack() {
            try {
                stack = StackDescription.read(options.stack());
            } catch (IllegalArgumentException e) {
                progress.println(e.getMessage());
            }
        }
    }
}
