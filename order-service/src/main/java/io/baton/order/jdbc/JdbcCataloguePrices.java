package io.baton.order.jdbc;

import io.baton.contract.Money;
import io.baton.order.CataloguePrices;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table {@code catalogue}. */
@Repository
class JdbcCataloguePrices implements CataloguePrices {

    private static final String UPDATE =
            """
            insert into catalogue (sku, name, price_minor, currency, version) values (?, ?, ?, ?, ?)
            on conflict (sku) do update
            set name = excluded.name, price_minor = excluded.price_minor, currency = excluded.currency,
                version = excluded.version
            where catalogue.version < excluded.version
            """;

    private final JdbcTemplate jdbc;

    JdbcCataloguePrices(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, Money> find(Collection<String> skus) {
        Map<String, Money> prices = new HashMap<>();
        jdbc.query(
                "select sku, price_minor, currency from catalogue where sku = any (?)",
                row -> {
                    prices.put(row.getString(1), new Money(row.getLong(2), row.getString(3)));
                },
                (Object) skus.toArray(String[]::new));
        return prices;
    }

    @Override
    public void update(String sku, String name, Money price, long version) {
        jdbc.update(UPDATE, sku, name, price.minorUnits(), price.currency(), version);
    }
}
