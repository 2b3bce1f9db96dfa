package io.baton.lab.check;

import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** P13 to P15: money is neither made nor lost. */
final class MoneyPromises implements Promises {

    private final Evidence conservation = new Evidence("P13", "conservation of money");
    private final Evidence ledgers = new Evidence("P14", "our calls are the gateway's ledger");
    private final Evidence once = new Evidence("P15", "no order is charged twice");
    private final GatewayLedger gateway;
    private long orders;
    private long wallets;
    private long takenMinor;
    private long completedMinor;
    private long unsettledMinor;

    MoneyPromises(GatewayLedger gateway) {
        this.gateway = gateway;
    }

    @Override
    public void order(OrderDossier order) {
        long charged = order.chargedMinor();
        long refunded = order.refundedMinor();
        takenMinor += charged - refunded;
        if (order.wallet() != null || order.card() != null) {
            once.examined();
            int charges = (order.wallet() == null ? 0 : order.wallet().charges())
                    + (order.card() == null ? 0 : order.card().captures());
            once.expect(charges <= 1, "order %s was charged %d times", order.name(), charges);
        }
        conservation.expect(
                0 <= refunded && refunded <= charged,
                "order %s: %s was charged and %s given back",
                order.name(), money(charged), money(refunded));
        if (order.order() == null) {
            unsettledMinor += charged - refunded;
            return;
        }
        orders++;
        conservation.examined();
        long total = order.order().totalMinor();
        if (order.completed()) {
            completedMinor += total;
            conservation.expect(
                    charged == total && refunded == 0,
                    "order %s is COMPLETED for %s but %s was charged and %s given back",
                    order.name(), money(total), money(charged), money(refunded));
        } else if (order.cancelled()) {
            conservation.expect(
                    charged == refunded,
                    "order %s is CANCELLED but %s was charged and %s given back",
                    order.name(), money(charged), money(refunded));
        } else {
            unsettledMinor += charged - refunded;
            conservation.expect(
                    charged <= total,
                    "order %s costs %s but %s was charged",
                    order.name(), money(total), money(charged));
        }
        payment(order, charged, refunded);
    }

    private void payment(OrderDossier order, long charged, long refunded) {
        if (order.payment() == null) {
            conservation.expect(charged == 0, "order %s was charged %s without a payment", order.name(),
                    money(charged));
            return;
        }
        long amount = order.payment().amountMinor();
        boolean agrees =
                switch (order.payment().status()) {
                    case "CHARGED" -> charged == amount && refunded == 0;
                    case "REFUNDED" -> charged == refunded;
                    case "REFUSED" -> charged == 0;
                    default -> !order.completed() && !order.cancelled();
                };
        conservation.expect(
                agrees,
                "order %s: its payment of %s is %s but %s was charged and %s given back",
                order.name(), money(amount), order.payment().status(), money(charged), money(refunded));
    }

    @Override
    public void query(Databases databases) throws SQLException {
        wallets = databases.number(Service.PAYMENT, "select count(*) from wallet");
        databases.forEach(
                Service.PAYMENT,
                """
                select coalesce(w.customer_id, e.customer_id), coalesce(w.balance_minor, 0), coalesce(e.sum, 0)
                from wallet w full join (
                    select customer_id, sum(case kind when 'CHARGE' then -amount_minor else amount_minor end) as sum
                    from wallet_entry group by customer_id) e on e.customer_id = w.customer_id
                where w.customer_id is null or w.balance_minor <> coalesce(e.sum, 0) or w.balance_minor < 0
                """,
                row -> conservation.violated(
                        "the wallet of %s holds %s but its entries come to %s",
                        row.getString(1), money(row.getLong(2)), money(row.getLong(3))));
        ledgers(databases);
    }

    private void ledgers(Databases databases) throws SQLException {
        Map<String, GatewayLedger.Entry> theirs = new HashMap<>();
        for (GatewayLedger.Entry entry : gateway.entries()) {
            ledgers.examined();
            ledgers.expect(
                    theirs.put(entry.idempotencyKey(), entry) == null,
                    "the gateway booked %s twice",
                    entry.idempotencyKey());
        }
        databases.forEach(
                Service.PAYMENT,
                "select idempotency_key, kind, amount_minor, currency, state from gateway_call where state <> 'OPEN'",
                row -> {
                    String key = row.getString(1);
                    boolean booked = row.getString(5).equals("DONE");
                    GatewayLedger.Entry their = theirs.remove(key);
                    if (booked && their == null) {
                        ledgers.examined();
                        ledgers.violated("we have %s as booked but the gateway does not", key);
                    } else if (!booked && their != null) {
                        ledgers.violated("the gateway booked %s but we have it as %s", key, row.getString(5));
                    } else if (their != null) {
                        ledgers.expect(
                                their.kind().equals(row.getString(2)) && their.amountMinor() == row.getLong(3)
                                        && their.currency().equals(row.getString(4)),
                                "%s is a %s of %s here and a %s of %s at the gateway",
                                key, row.getString(2), money(row.getLong(3)), their.kind(),
                                money(their.amountMinor()));
                    }
                });
        // A call that is still open may be booked there and not yet here.
        databases.forEach(
                Service.PAYMENT,
                "select idempotency_key from gateway_call where state = 'OPEN'",
                row -> theirs.remove(row.getString(1)));
        theirs.keySet().forEach(key -> ledgers.violated("the gateway booked %s, of which we know nothing", key));
    }

    @Override
    public List<Finding> findings() {
        conservation.expect(
                takenMinor == completedMinor + unsettledMinor,
                "%s is with us but completed orders come to %s, open and stuck ones to %s",
                money(takenMinor), money(completedMinor), money(unsettledMinor));
        return List.of(
                conservation.finding(
                        "%,d orders, %,d wallets, taken %s = completed %s + open or stuck %s",
                        orders, wallets, money(takenMinor), money(completedMinor), money(unsettledMinor)),
                ledgers.finding("%,d entries", ledgers.count()),
                once.finding("%,d orders that were charged", once.count()));
    }

    private static String money(long minor) {
        return String.format(java.util.Locale.ROOT, "%s%,d.%02d", minor < 0 ? "-" : "", Math.abs(minor / 100),
                Math.abs(minor % 100));
    }
}
