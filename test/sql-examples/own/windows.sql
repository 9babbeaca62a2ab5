-- written on Windows
create or replace stream "OUT_STREAM" (
	"sensorId" varchar(16),
	"highest" double
);

create or replace pump "OUT_PUMP" as insert into "OUT_STREAM"
select stream "sensorId", max("celsius") as "highest"
from "SOURCE_SQL_STREAM_001"
group by "sensorId", floor("SOURCE_SQL_STREAM_001".rowtime to minute);
