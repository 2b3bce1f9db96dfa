package io.baton.lab.check;

import java.sql.SQLException;
import java.util.List;

/** Some promises that are checked together. Each of the methods is called before {@link #findings}. */
interface Promises {

    /** Looks at one order. */
    default void order(OrderDossier order) {}

    /** Looks at one saga. */
    default void saga(SagaDossier saga) {}

    /** Asks one database at a time. */
    default void query(Databases databases) throws SQLException {}

    List<Finding> findings();
}
