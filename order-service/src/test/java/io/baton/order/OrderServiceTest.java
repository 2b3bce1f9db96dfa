package io.baton.order;

import io.baton.messaging.test.RealServers;
import io.baton.order.kafka.SagaRequests;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * A test of the whole service on real servers. All such tests share one running service and its database, so each uses
 * products, customers and keys that no other uses.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.server.port=0")
@Import(SagaRequests.class)
@RealServers(database = "orders")
public @interface OrderServiceTest {}
