package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine that answers is of no use if its images cannot be had. */
class DockerImagesTest {

    private final DockerClient engine = mock(DockerClient.class, RETURNS_DEEP_STUBS);
    private final DockerImages images = new DockerImages(engine, Duration.ofSeconds(1));

    @BeforeEach
    void only_postgres_is_here() {
        when(engine.inspectImageCmd("kafka").exec()).thenThrow(new NotFoundException("no such image"));
    }

    @Test
    void an_image_that_is_here_is_not_fetched() {
        assertThat(images.areThere(List.of("postgres"))).isTrue();
        verify(engine, never()).pullImageCmd(anyString());
    }

    @Test
    void an_image_that_comes_in_time_is_there() throws Exception {
        when(engine.pullImageCmd("kafka").start().awaitCompletion(anyLong(), any())).thenReturn(true);
        assertThat(images.areThere(List.of("postgres", "kafka"))).isTrue();
    }

    @Test
    void one_that_does_not_come_in_time_or_at_all_is_not() throws Exception {
        when(engine.pullImageCmd("kafka").start().awaitCompletion(anyLong(), any()))
                .thenReturn(false)
                .thenThrow(new DockerClientException("no such host"));
        assertThat(images.areThere(List.of("kafka"))).as("too late").isFalse();
        assertThat(images.areThere(List.of("kafka"))).as("never").isFalse();
    }
}
