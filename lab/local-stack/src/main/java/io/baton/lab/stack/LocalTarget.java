package io.baton.lab.stack;

import io.baton.lab.tour.TourTarget;
import java.net.http.HttpClient;

/** The stack that runs on this machine, for the tour. */
final class LocalTarget implements TourTarget {

    private final StackDescription description;
    private final ControlClient control;

    LocalTarget(StackDescription description, HttpClient http) {
        this.description = description;
        this.control = new ControlClient(http, description.control());
    }

    @Override
    public String url(String service) {
        return String.valueOf(description.process(service).url());
    }

    @Override
    public String managementUrl(String service) {
        return String.valueOf(description.process(service).managementUrl());
    }

    @Override
    public String operatorUser() {
        return description.operator().user();
    }

    @Override
    public String operatorPassword() {
        return description.operator().password();
    }

    @Override
    public void stop(String service) {
        control.tell(service, "stop");
    }

    @Override
    public void start(String service) {
        control.tell(service, "start");
    }

    @Override
    public String stopCommand(String service) {
        return "./demo stop " + service;
    }

    @Override
    public String startCommand(String service) {
        return "./demo start " + service;
    }
}
