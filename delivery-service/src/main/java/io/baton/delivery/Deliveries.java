package io.baton.delivery;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The deliveries of all orders. */
public interface Deliveries extends Repository<Delivery, Long> {

    /** Locks them until the open transaction ends, in the order of their ids. */
    @Query(
            nativeQuery = true,
            value = "select * from delivery where order_id = any(:orderIds) order by order_id for update")
    List<Delivery> lock(Long[] orderIds);

    Optional<Delivery> findById(Long orderId);

    Delivery save(Delivery delivery);
}
