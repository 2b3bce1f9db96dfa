package io.baton.messaging.test;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The images of an engine that answers.
 *
 * @param patience how long an image may take that has to be fetched first
 */
record DockerImages(DockerClient engine, Duration patience) {

    /** Whether containers of all of them can be started; if not, it is printed which is missing. */
    boolean areThere(List<String> images) {
        for (String image : images) {
            if (!isHere(image) && !isFetched(image)) {
                System.out.println("Docker answers, but has no image " + image + " and did not get it within "
                        + patience.toSeconds() + " s");
                return false;
            }
        }
        return true;
    }

    private boolean isHere(String image) {
        try {
            engine.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private boolean isFetched(String image) {
        try {
            return engine.pullImageCmd(image).start().awaitCompletion(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (DockerClientException | DockerException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
