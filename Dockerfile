# One image per program: --build-arg SERVICE=order-service (or the others), lab/provider-simulator for the simulator.
# The first stage builds all of them and is the same for each, so it runs once.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /source
ENV MODULES=order-service,payment-service,inventory-service,delivery-service,saga-orchestrator,lab/provider-simulator
# The poms alone fetch nearly everything that the build needs; that is repeated only when a pom changes.
COPY pom.xml ./
COPY common-events/pom.xml common-events/
COPY transactional-messaging/pom.xml transactional-messaging/
COPY transactional-messaging-test/pom.xml transactional-messaging-test/
COPY http-edge/pom.xml http-edge/
COPY order-service/pom.xml order-service/
COPY payment-service/pom.xml payment-service/
COPY inventory-service/pom.xml inventory-service/
COPY delivery-service/pom.xml delivery-service/
COPY saga-orchestrator/pom.xml saga-orchestrator/
COPY lab/embedded-servers/pom.xml lab/embedded-servers/
COPY lab/provider-simulator/pom.xml lab/provider-simulator/
COPY lab/messaging-faults/pom.xml lab/messaging-faults/
COPY lab/local-stack/pom.xml lab/local-stack/
COPY lab/load/pom.xml lab/load/
COPY lab/check/pom.xml lab/check/
COPY lab/running-stack/pom.xml lab/running-stack/
COPY lab/failure-tests/pom.xml lab/failure-tests/
COPY lab/system-tests/pom.xml lab/system-tests/
RUN mvn -B -q -Dmaven.test.skip=true -Dspring-boot.repackage.skip=true -pl $MODULES -am package
COPY . .
RUN mvn -B -q -Dmaven.test.skip=true -pl $MODULES -am package

# Takes the program apart, into layers from the one that changes least to the one that changes most.
FROM build AS layers
ARG SERVICE
RUN mkdir -p /layers/dependencies /layers/snapshot-dependencies /layers/application \
 && cd $SERVICE/target \
 && if [ -d lib ]; then \
        mkdir /layers/dependencies/lib && cp -p lib/* /layers/dependencies/lib/ && cp -p *-SNAPSHOT.jar /layers/application/; \
    else \
        java -Djarmode=tools -jar *-SNAPSHOT.jar extract --layers --destination /layers --force; \
    fi \
 && mv /layers/application/*.jar /layers/application/app.jar

# Starts the service once, up to the moment when it would serve, so that later starts find their classes loaded and
# linked. It migrates a database on the way; the database is thrown away with this stage.
FROM postgres:18 AS training
COPY --from=eclipse-temurin:25-jre /opt/java/openjdk /opt/java/openjdk
WORKDIR /application
COPY docker/jvm.options docker/train ./
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
RUN ./train

FROM eclipse-temurin:25-jre
WORKDIR /application
RUN mkdir /data && chown 10001:10001 /data
COPY docker/jvm.options docker/ready ./
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
COPY --from=training /application/app.aot ./
USER 10001:10001
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "app.jar"]
