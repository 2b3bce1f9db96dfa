package io.baton.payment;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** What each order was charged. */
interface Payments extends Repository<Payment, Long> {

    /** Those that exist, locked in the order of their ids. */
    @Query(
            nativeQuery = true,
            value = "select * from payment where order_id = any(:orderIds) order by order_id for no key update")
    List<Payment> lock(Long[] orderIds);

    Optional<Payment> findById(Long orderId);

    Payment save(Payment payment);

    /** Writes whatever has been changed in this transaction, instead of waiting for the commit. */
    void flush();
}
