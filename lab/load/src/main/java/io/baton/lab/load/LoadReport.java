package io.baton.lab.load;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run measured. Counts without the warm-up; {@code open} and {@code disagreements} of the whole run.
 *
 * @param seconds for how long was measured
 * @param orders accepted
 * @param open accepted, but without an end when the run stopped waiting
 * @param unexpected ended otherwise than the order's kind is meant to
 * @param perSecond sagas that ended, per second of measuring
 * @param completedPerSecond those of them that completed
 * @param latencyMillis from the request (in the open loop, its intended time) to the event of the end
 * @param postMillis from the same moment to the answer
 * @param rejected requests answered with 4xx
 * @param errors attempts without an answer or with one of 5xx; each of them was repeated if that was safe
 * @param disagreements orders that the order service shows otherwise than their event said, in a sample
 * @param eventsMissing orders whose end was learnt by asking only
 * @param cpuSecondsPer1000 CPU-seconds per 1,000 sagas that ended while measuring, without the load generator
 * @param loadCpuMicrosPerOrder what the load generator itself used, per saga that ended while measuring
 */
public record LoadReport(
        double seconds,
        long orders,
        long completed,
        long compensated,
        long open,
        long unexpected,
        double perSecond,
        double completedPerSecond,
        Percentiles latencyMillis,
        Percentiles postMillis,
        long rejected,
        long errors,
        long repeated,
        long disagreements,
        long eventsMissing,
        ByProcess cpuSecondsPer1000,
        ByProcess peakMemoryMb,
        double loadCpuMicrosPerOrder) {

    /** A sum with its parts. */
    public record ByProcess(double total, Map<String, Double> byProcess) {

        static ByProcess of(Map<String, Double> parts, double factor) {
            Map<String, Double> scaled = new LinkedHashMap<>();
            parts.forEach((name, value) -> scaled.put(name, rounded(value * factor)));
            double total = parts.values().stream().mapToDouble(Double::doubleValue).sum();
            return new ByProcess(rounded(total * factor), scaled);
        }
    }

    /** Whether every accepted order ended as its event said. */
    public boolean passed() {
        return open == 0 && disagreements == 0;
    }

    /** One line. */
    public String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
