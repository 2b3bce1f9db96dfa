package io.baton.lab.check;

import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.List;

/** P16 and P17: goods are neither made nor lost, nor sold twice. */
final class StockPromises implements Promises {

    private static final String PRODUCTS = """
            select coalesce(p.sku, r.sku, l.sku), coalesce(p.available, 0), coalesce(p.reserved, 0),
                   coalesce(p.shipped, 0), coalesce(r.received, 0), coalesce(l.held, 0), coalesce(l.shipped, 0)
            from product p
            full join (select sku, sum(quantity) as received from receipt group by sku) r on r.sku = p.sku
            full join (
                select line.sku, sum(line.quantity) filter (where status = 'HELD') as held,
                       sum(line.quantity) filter (where status = 'SHIPPED') as shipped
                from reservation, jsonb_to_recordset(lines) as line (sku text, quantity bigint)
                where status in ('HELD', 'SHIPPED') group by line.sku) l on l.sku = coalesce(p.sku, r.sku)
            """;

    private final Evidence conservation = new Evidence("P16", "conservation of stock");
    private final Evidence oversell = new Evidence("P17", "what is not there is not sold");
    private long received;
    private long available;
    private long reserved;
    private long shipped;
    private long refused;

    @Override
    public void query(Databases databases) throws SQLException {
        refused = databases.number(Service.INVENTORY, "select count(*) from reservation where status = 'REFUSED'");
        oversell.examined(refused);
        databases.forEach(Service.INVENTORY, PRODUCTS, row -> {
            String sku = row.getString(1);
            long isAvailable = row.getLong(2);
            long isReserved = row.getLong(3);
            long isShipped = row.getLong(4);
            long wasReceived = row.getLong(5);
            conservation.examined();
            conservation.expect(
                    isAvailable + isReserved + isShipped == wasReceived,
                    "%s: %,d available + %,d reserved + %,d shipped are not the %,d received",
                    sku, isAvailable, isReserved, isShipped, wasReceived);
            conservation.expect(
                    isReserved == row.getLong(6),
                    "%s: %,d are reserved but orders hold %,d",
                    sku, isReserved, row.getLong(6));
            conservation.expect(
                    isShipped == row.getLong(7),
                    "%s: %,d are shipped but for orders there left %,d",
                    sku, isShipped, row.getLong(7));
            oversell.expect(
                    isAvailable >= 0 && isReserved >= 0 && isShipped >= 0
                            && row.getLong(6) + row.getLong(7) <= wasReceived,
                    "%s: orders hold or got %,d of the %,d received",
                    sku, row.getLong(6) + row.getLong(7), wasReceived);
            received += wasReceived;
            available += isAvailable;
            reserved += isReserved;
            shipped += isShipped;
        });
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                conservation.finding(
                        "%,d products, %,d received = %,d available + %,d reserved + %,d shipped",
                        conservation.count(), received, available, reserved, shipped),
                oversell.finding("%,d reservations refused for want of stock", refused));
    }
}
