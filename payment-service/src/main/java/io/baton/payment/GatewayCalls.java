package io.baton.payment;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** What is or was asked of the card gateway. */
interface GatewayCalls extends Repository<GatewayCall, String> {

    /** All calls for these orders, locked. The caller has locked their payments. */
    @Query(
            nativeQuery = true,
            value = "select * from gateway_call where order_id = any(:orderIds)"
                    + " order by order_id, kind for no key update")
    List<GatewayCall> lock(Long[] orderIds);

    GatewayCall save(GatewayCall call);
}
