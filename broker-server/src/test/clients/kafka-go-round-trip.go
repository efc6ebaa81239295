// The steps of OldClientsTest with kafka-go: its Writer produces COUNT records with each codec, its Reader reads them alone and in
// a group that goes on after its commit, and prints what a new client has written to RECENT.
// usage: kafka-go-round-trip BOOTSTRAP TOPIC COUNT RECENT
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/gzip"
	"github.com/segmentio/kafka-go/lz4"
	"github.com/segmentio/kafka-go/snappy"
)

type codec struct {
	name string
	kafka.CompressionCodec
}

var codecs = []codec{
	{"none", nil},
	{"gzip", gzip.NewCompressionCodec()},
	{"snappy", snappy.NewCompressionCodec()},
	{"lz4", lz4.NewCompressionCodec()},
}

const partitions = 2

var background = context.Background()

func main() {
	bootstrap, topic, recent := os.Args[1], os.Args[2], os.Args[4]
	count, err := strconv.Atoi(os.Args[3])
	check(err)
	for _, codec := range codecs {
		produce(bootstrap, topic, codec, count)
	}
	all := len(codecs) * count

	seen := make(map[string]bool)
	for partition := 0; partition < partitions; partition++ {
		end := endOf(bootstrap, topic, partition)
		reader := kafka.NewReader(config(bootstrap, topic, partition, ""))
		for next := int64(0); next < end; {
			message, err := reader.ReadMessage(background)
			check(err)
			if message.Offset != next {
				panic(fmt.Sprintf("read %d in place of %d", message.Offset, next))
			}
			add(seen, message)
			next++
		}
		check(reader.Close())
	}
	expect(seen, all)

	read := make(map[string]bool)
	for _, until := range []int{all / 2, all} {
		reader := kafka.NewReader(config(bootstrap, topic, 0, topic+"-group"))
		for len(read) < until {
			message, err := reader.ReadMessage(background)
			check(err)
			add(read, message)
		}
		check(reader.Close())
	}
	expect(read, all)

	reader := kafka.NewReader(config(bootstrap, recent, 0, ""))
	for last := ""; last != "end"; {
		message, err := reader.ReadMessage(background)
		check(err)
		last = string(message.Value)
		fmt.Printf("%s %s\n", message.Key, last)
	}
	check(reader.Close())
	fmt.Printf("ok %d\n", all)
}

func produce(bootstrap, topic string, codec codec, count int) {
	writer := kafka.NewWriter(kafka.WriterConfig{
		Brokers: []string{bootstrap}, Topic: topic, CompressionCodec: codec.CompressionCodec,
		BatchSize: 50, BatchTimeout: 20 * time.Millisecond, RequiredAcks: -1,
	})
	var messages []kafka.Message
	for i := 0; i < count; i++ {
		key := fmt.Sprintf("%s-%d", codec.name, i)
		messages = append(messages, kafka.Message{Key: []byte(key), Value: []byte(value(key)), Time: timestamp(key)})
	}
	check(writer.WriteMessages(background, messages...))
	check(writer.Close())
}

func config(bootstrap, topic string, partition int, group string) kafka.ReaderConfig {
	return kafka.ReaderConfig{
		Brokers: []string{bootstrap}, Topic: topic, Partition: partition, GroupID: group,
		MinBytes: 1, MaxBytes: 50000, MaxWait: 200 * time.Millisecond, // It does not leave its group.
		SessionTimeout: time.Second, HeartbeatInterval: 200 * time.Millisecond,
	}
}

func endOf(bootstrap, topic string, partition int) int64 {
	connection, err := kafka.DialLeader(background, "tcp", bootstrap, topic, partition)
	check(err)
	end, err := connection.ReadLastOffset()
	check(err)
	check(connection.Close())
	return end
}

func add(seen map[string]bool, message kafka.Message) {
	key := string(message.Key)
	if seen[key] {
		panic("read twice: " + key)
	}
	if string(message.Value) != value(key) {
		panic("came back changed: " + key)
	}
	if !message.Time.Equal(timestamp(key)) {
		panic(fmt.Sprint("came back with another time: ", key, " ", message.Time))
	}
	seen[key] = true
}

func expect(seen map[string]bool, count int) {
	if len(seen) != count {
		panic(fmt.Sprintf("%d records of %d", len(seen), count))
	}
}

var start = time.Unix(time.Now().Unix(), 0)

func number(key string) int {
	i, err := strconv.Atoi(key[strings.LastIndex(key, "-")+1:])
	check(err)
	return i
}

func timestamp(key string) time.Time {
	return start.Add(time.Duration(number(key)) * time.Millisecond)
}

func value(key string) string {
	return key + strings.Repeat(".", number(key)%400)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
