package io.baton.lab.tour;

/** A running system that the tour is played against. */
public interface TourTarget {

    /** Where a service answers, without a slash at the end. */
    String url(String service);

    /** Where a service's operators ask, without a slash at the end. */
    String managementUrl(String service);

    String operatorUser();

    String operatorPassword();

    /** Ends a service's process; it stays away. */
    void stop(String service);

    /** Starts a service again and returns when it was started; it may not answer yet. */
    void start(String service);

    /** What a person would type to {@link #stop} the service. */
    String stopCommand(String service);

    /** What a person would type to {@link #start} the service. */
    String startCommand(String service);
}
