// The steps of OldClientsTest with sarama at a level of its protocol: produces COUNT records with each codec, reads them alone and
// in a group that goes on after its commit, and prints what a new client has written to RECENT.
// FETCH_BYTES, where it is set, is how much it asks for at first; SASL_USER and SASL_PASSWORD are what it logs in with.
// usage: sarama-round-trip BOOTSTRAP TOPIC COUNT RECENT LEVEL
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/Shopify/sarama"
)

var codecs = []sarama.CompressionCodec{
	sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy, sarama.CompressionLZ4,
}

func main() {
	bootstrap, topic, recent := strings.Split(os.Args[1], ","), os.Args[2], os.Args[4]
	count, err := strconv.Atoi(os.Args[3])
	check(err)
	level, err := sarama.ParseKafkaVersion(os.Args[5])
	check(err)
	config := sarama.NewConfig()
	config.Version = level
	config.Consumer.Return.Errors = true
	config.Consumer.Offsets.CommitInterval = 50 * time.Millisecond
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	if bytes := os.Getenv("FETCH_BYTES"); bytes != "" {
		most, err := strconv.Atoi(bytes)
		check(err)
		config.Consumer.Fetch.Default = int32(most)
	}
	if user := os.Getenv("SASL_USER"); user != "" {
		config.Net.SASL.Enable = true
		config.Net.SASL.User = user
		config.Net.SASL.Password = os.Getenv("SASL_PASSWORD")
	}
	config.Producer.Return.Successes = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Flush.Messages = 100
	config.Producer.Flush.Frequency = 50 * time.Millisecond

	timestamps := level.IsAtLeast(sarama.V0_10_0_0)
	used := codecs
	if !timestamps {
		// sarama writes no LZ4 before 0.10.
		used = codecs[:3]
	}
	for _, codec := range used {
		produce(bootstrap, topic, config, codec, count)
	}
	all := len(used) * count

	client, err := sarama.NewClient(bootstrap, config)
	check(err)
	seen := newSeen(timestamps)
	readAlone(client, topic, seen, all)
	seen.expect(all)

	read := newSeen(timestamps)
	group := topic + "-group"
	for _, until := range []int{all / 2, all} {
		if level.IsAtLeast(sarama.V0_10_2_0) {
			readAsMember(client, topic, group, read, until)
		} else {
			readWithOffsets(client, topic, group, read)
		}
	}
	read.expect(all)

	printRecent(client, recent)
	check(client.Close())
	fmt.Printf("ok %d\n", all)
}

func produce(bootstrap []string, topic string, config *sarama.Config, codec sarama.CompressionCodec, count int) {
	with := *config
	with.Producer.Compression = codec
	producer, err := sarama.NewSyncProducer(bootstrap, &with)
	check(err)
	var messages []*sarama.ProducerMessage
	for i := 0; i < count; i++ {
		key := fmt.Sprintf("%s-%d", codec, i)
		messages = append(messages, &sarama.ProducerMessage{
			Topic: topic, Key: sarama.StringEncoder(key), Value: sarama.StringEncoder(value(key)),
			Timestamp: timestamp(key),
		})
	}
	check(producer.SendMessages(messages))
	check(producer.Close())
}

func readAlone(client sarama.Client, topic string, seen *seen, all int) {
	consumer, err := sarama.NewConsumerFromClient(client)
	check(err)
	partitions, err := client.Partitions(topic)
	check(err)
	messages := make(chan *sarama.ConsumerMessage)
	var readers []sarama.PartitionConsumer
	for _, partition := range partitions {
		reader, err := consumer.ConsumePartition(topic, partition, sarama.OffsetOldest)
		check(err)
		readers = append(readers, reader)
		go forward(reader, messages)
	}
	for len(seen.keys) < all {
		seen.add(<-messages)
	}
	for _, reader := range readers {
		check(reader.Close())
	}
}

// What each partition has is read up to what was its end, a half of it at first, and committed without being a member.
func readWithOffsets(client sarama.Client, topic, group string, read *seen) {
	manager, err := sarama.NewOffsetManagerFromClient(group, client)
	check(err)
	consumer, err := sarama.NewConsumerFromClient(client)
	check(err)
	partitions, err := client.Partitions(topic)
	check(err)
	for _, partition := range partitions {
		committed, err := manager.ManagePartition(topic, partition)
		check(err)
		end, err := client.GetOffset(topic, partition, sarama.OffsetNewest)
		check(err)
		next, _ := committed.NextOffset()
		if next < 0 {
			next, end = 0, end/2
		} else if next == 0 {
			panic("nothing is committed")
		}
		if next < end {
			reader, err := consumer.ConsumePartition(topic, partition, next)
			check(err)
			for ; next < end; next++ {
				read.add(<-reader.Messages())
			}
			check(reader.Close())
		}
		committed.MarkOffset(next, "half way")
		check(committed.Close())
	}
	check(manager.Close())
}

func readAsMember(client sarama.Client, topic, group string, read *seen, until int) {
	members, err := sarama.NewConsumerGroupFromClient(group, client)
	check(err)
	within, cancel := context.WithCancel(context.Background())
	check(members.Consume(within, []string{topic}, &member{read, until, cancel, make(chan bool, 1)}))
	check(members.Close())
}

type member struct {
	read   *seen
	until  int
	cancel func()
	alone  chan bool
}

func (m *member) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (m *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		m.alone <- true
		if len(m.read.keys) < m.until {
			m.read.add(message)
			session.MarkMessage(message, "")
		}
		enough := len(m.read.keys) >= m.until
		<-m.alone
		if enough {
			m.cancel()
			return nil
		}
	}
	return nil
}

func printRecent(client sarama.Client, recent string) {
	consumer, err := sarama.NewConsumerFromClient(client)
	check(err)
	reader, err := consumer.ConsumePartition(recent, 0, sarama.OffsetOldest)
	check(err)
	messages := make(chan *sarama.ConsumerMessage)
	go forward(reader, messages)
	for message := range messages {
		fmt.Printf("%s %s\n", message.Key, message.Value)
		if string(message.Value) == "end" {
			break
		}
	}
	check(reader.Close())
}

func forward(reader sarama.PartitionConsumer, messages chan *sarama.ConsumerMessage) {
	go func() {
		for err := range reader.Errors() {
			panic(err)
		}
	}()
	for message := range reader.Messages() {
		messages <- message
	}
}

type seen struct {
	keys       map[string]bool
	timestamps bool
}

func newSeen(timestamps bool) *seen {
	return &seen{make(map[string]bool), timestamps}
}

func (s *seen) add(message *sarama.ConsumerMessage) {
	key := string(message.Key)
	if s.keys[key] {
		panic("read twice: " + key)
	}
	if string(message.Value) != value(key) {
		panic("came back changed: " + key)
	}
	if s.timestamps && !message.Timestamp.Equal(timestamp(key)) {
		panic(fmt.Sprint("came back with another time: ", key, " ", message.Timestamp))
	}
	s.keys[key] = true
}

func (s *seen) expect(count int) {
	if len(s.keys) != count {
		panic(fmt.Sprintf("%d records of %d", len(s.keys), count))
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
