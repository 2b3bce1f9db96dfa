package io.baton.inventory;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The products that were ever put into the catalogue. */
public interface Products extends Repository<Product, String> {

    /**
     * Those of the SKUs that exist, locked until the transaction ends. Rows are locked in the order of their SKUs, so
     * that two transactions which lock everything they need by one call never wait for each other.
     */
    @Query(
            nativeQuery = true,
            value = "select * from product where sku = any(:skus) order by sku for no key update")
    List<Product> lock(String[] skus);

    Optional<Product> findById(String sku);

    /** The products after {@code sku}, in the order of their SKUs. */
    List<Product> findBySkuGreaterThanOrderBySku(String sku, Limit limit);

    /**
     * Adds a product with version 1 and no stock, unless its SKU is taken.
     *
     * @return 1 if it was added, 0 if the SKU is taken; nothing is changed then
     */
    @Modifying
    @Query(
            nativeQuery = true,
            value = """
                    insert into product (sku, name, price_minor, currency, version, available, reserved, shipped)
                    values (:sku, :name, :priceMinor, :currency, 1, 0, 0, 0)
                    on conflict (sku) do nothing""")
    int add(String sku, String name, long priceMinor, String currency);
}
