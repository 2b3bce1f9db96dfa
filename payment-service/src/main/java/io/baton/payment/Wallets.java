package io.baton.payment;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** What the customers hold. */
interface Wallets extends Repository<Wallet, String> {

    /** Those that exist, locked in the order of their customers. */
    @Query(
            nativeQuery = true,
            value = "select * from wallet where customer_id = any(:customerIds) order by customer_id"
                    + " for no key update")
    List<Wallet> lock(String[] customerIds);

    Optional<Wallet> findById(String customerId);

    /** Makes an empty wallet, if the customer has none. */
    @Modifying
    @Query(
            nativeQuery = true,
            value = "insert into wallet (customer_id, balance_minor, currency, version)"
                    + " values (:customerId, 0, :currency, 0) on conflict do nothing")
    void create(String customerId, String currency);
}
