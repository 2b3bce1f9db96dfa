package io.baton.lab.load;

import org.HdrHistogram.Histogram;

/** Milliseconds. */
public record Percentiles(double p50, double p90, double p99, double max) {

    static Percentiles of(Histogram micros) {
        return new Percentiles(
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(90) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }
}
