package io.baton.messaging.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.springframework.test.context.ContextCustomizerFactories;

/**
 * Gives the application context of a Spring test a database of its own on the real PostgreSQL with an owner and the
 * service's role, the real broker, and operator credentials ({@link #OPERATOR}, {@link #OPERATOR_PASSWORD}), by the
 * properties that a deployment sets. It is a demonstration, in which whoever comes is a customer, unless it is {@link
 * #strict}.
 *
 * <p>Test classes whose contexts are equal share one context with its database. The broker is shared by all contexts of
 * the JVM, so tests use order ids that no other test uses.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ContextCustomizerFactories(RealServersCustomizerFactory.class)
@Tag("servers")
public @interface RealServers {

    /** The operator's name in every such context. */
    String OPERATOR = "operator";

    /** The name of who may only look, in every such context. */
    String VIEWER = "viewer";

    /** The password of who may only look. */
    String VIEWER_PASSWORD = "viewer-password-of-tests";

    /** The operator's password in every such context. */
    String OPERATOR_PASSWORD = "operator-password-of-tests";

    /**
     * Whether customers, viewers and operators have to prove who they are, as in production: those who operate by {@link
     * Tokens} or by their passwords, customers by {@link Tokens}.
     */
    boolean strict() default false;

    /** A lower-case word from which the database is named. */
    String database();
}
