package io.baton.inventory;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** What each order asked of the stock. */
public interface Reservations extends Repository<Reservation, Long> {

    @Query(nativeQuery = true, value = "select * from reservation where order_id = any(:orderIds)")
    List<Reservation> findAll(Long[] orderIds);

    Optional<Reservation> findById(Long orderId);

    /** The SKUs of everything that these orders hold now, or took. */
    @Query(
            nativeQuery = true,
            value = """
                    select distinct line ->> 'sku' from reservation cross join jsonb_array_elements(lines) line
                    where order_id = any(:orderIds) and status in ('HELD', 'SHIPPED')""")
    List<String> takenSkus(Long[] orderIds);

    Reservation save(Reservation reservation);

    /** Writes what has been changed, products included, instead of waiting for the commit. */
    void flush();
}
