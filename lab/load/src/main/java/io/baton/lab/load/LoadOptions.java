package io.baton.lab.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run shall do.
 *
 * @param concurrency orders in flight, from the request to the saga's end; unused when {@code rate} is set
 * @param rate orders a second, whatever the answers; 0 for the closed loop
 * @param measured how long orders are sent after the warm-up; unused when {@code orders} is set
 * @param orders how many orders are sent after the warm-up; 0 for as long as {@code measured}
 * @param drain how long to wait at the end for what is still open
 * @param requestTimeout after which a request counts as unanswered
 * @param lines lines of each order
 * @param refuseDelivery share of orders that go to a country that is not served
 * @param refusePayment share of orders that the customer cannot pay
 * @param refuseStock share of orders for a product that is not in stock
 * @param cards share of orders that are paid by card
 * @param idempotencyKeys share of requests that carry an Idempotency-Key and are repeated until they are answered
 * @param reads share of orders that are read back at once after their answer and after their end
 * @param out where the client's history goes, as lines of JSON; null for nowhere
 */
public record LoadOptions(
        Path stack,
        int concurrency,
        double rate,
        Duration measured,
        long orders,
        Duration warmup,
        Duration drain,
        Duration requestTimeout,
        int lines,
        double refuseDelivery,
        double refusePayment,
        double refuseStock,
        double cards,
        double idempotencyKeys,
        double reads,
        String servedCountry,
        String refusedCountry,
        long seed,
        @Nullable Path out) {

    static final String HELP = """
            Drives orders against the running stack and prints one JSON line at the end.

              --stack FILE            the running stack's description (default .baton/stack.json)
              --concurrency N         closed loop: N orders in flight from POST to the saga's end (default 64)
              --rate R                open loop: R orders per second, latency counted from the intended time
              --seconds S             how long orders are sent and measured (default 60)
              --orders N              send N orders instead
              --warmup S              seconds before the measuring starts (default 10)
              --drain S               at most so long to wait for open orders at the end (default 120)
              --request-timeout S     seconds after which a request counts as unanswered (default 10)
              --lines N               lines per order, 1 to 20 (default 2)
              --refuse-delivery X     share of orders refused by delivery (default 0.10)
              --refuse-payment X      share of orders refused by payment (default 0)
              --refuse-stock X        share of orders refused by inventory (default 0)
              --cards X               share of orders paid by card (default 0)
              --idempotency-keys X    share of requests with an Idempotency-Key, repeated until answered (default 0)
              --reads X               share of orders read back after the answer and after the end (default 0)
              --country CC            a country that is served (default DE)
              --refused-country CC    a country that is not (default US)
              --seed N                another mix of orders (default 1)
              --out FILE              the client's history, one JSON object per line
              --help

            Exit code: 0 every accepted order ended; 1 some did not, or a sample read back disagrees; 2 bad options
            or no stack.
            """;

    /**
     * Reads options as on a command line; what is not given has its default.
     *
     * @throws IllegalArgumentException naming the option and what is expected
     */
    public static LoadOptions parse(String... args) {
        Draft draft = new Draft();
        Iterator<String> rest = List.of(args).iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException("Expected a value after " + name + "; see --help");
            }
            draft.set(name, rest.next());
        }
        if (draft.refuseDelivery + draft.refusePayment + draft.refuseStock > 1) {
            throw new IllegalArgumentException("Expected shares of refusals that add up to at most 1");
        }
        return draft.options();
    }

    private static final class Draft {
        private Path stack = Path.of(".baton", "stack.json");
        private int concurrency = 64;
        private double rate;
        private Duration measured = Duration.ofSeconds(60);
        private long orders;
        private Duration warmup = Duration.ofSeconds(10);
        private Duration drain = Duration.ofSeconds(120);
        private Duration requestTimeout = Duration.ofSeconds(10);
        private int lines = 2;
        private double refuseDelivery = 0.10;
        private double refusePayment;
        private double refuseStock;
        private double cards;
        private double idempotencyKeys;
        private double reads;
        private String country = "DE";
        private String refusedCountry = "US";
        private long seed = 1;
        private @Nullable Path out;

        void set(String name, String value) {
            switch (name) {
                case "--stack" -> stack = Path.of(value);
                case "--concurrency" -> concurrency = (int) whole(name, value, 1, 100_000);
                case "--rate" -> rate = number(name, value, 0.001, 1_000_000);
                case "--seconds" -> measured = seconds(name, value, 0.1);
                case "--orders" -> orders = whole(name, value, 1, Long.MAX_VALUE);
                case "--warmup" -> warmup = seconds(name, value, 0);
                case "--drain" -> drain = seconds(name, value, 0);
                case "--request-timeout" -> requestTimeout = seconds(name, value, 0.1);
                case "--lines" -> lines = (int) whole(name, value, 1, Fixtures.PRODUCTS);
                case "--refuse-delivery" -> refuseDelivery = share(name, value);
                case "--refuse-payment" -> refusePayment = share(name, value);
                case "--refuse-stock" -> refuseStock = share(name, value);
                case "--cards" -> cards = share(name, value);
                case "--idempotency-keys" -> idempotencyKeys = share(name, value);
                case "--reads" -> reads = share(name, value);
                case "--country" -> country = country(name, value);
                case "--refused-country" -> refusedCountry = country(name, value);
                case "--seed" -> seed = whole(name, value, Long.MIN_VALUE, Long.MAX_VALUE);
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("There is no option " + name + "; see --help");
            }
        }

        LoadOptions options() {
            return new LoadOptions(
                    stack, concurrency, rate, measured, orders, warmup, drain, requestTimeout, lines, refuseDelivery,
                    refusePayment, refuseStock, cards, idempotencyKeys, reads, country, refusedCountry, seed, out);
        }

        private static long whole(String name, String value, long least, long most) {
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException(
                    "Expected a whole number from " + least + " to " + most + " after " + name + " but got " + value);
        }

        private static double number(String name, String value, double least, double most) {
            try {
                double number = Double.parseDouble(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException(
                    "Expected a number from " + least + " to " + most + " after " + name + " but got " + value);
        }

        private static double share(String name, String value) {
            return number(name, value, 0, 1);
        }

        private static Duration seconds(String name, String value, double least) {
            return Duration.ofNanos((long) (number(name, value, least, 1_000_000) * 1e9));
        }

        private static String country(String name, String value) {
            if (!value.matches("[A-Z]{2}")) {
                throw new IllegalArgumentException(
                        "Expected two upper-case letters after " + name + " but got " + value);
            }
            return value;
        }
    }
}
