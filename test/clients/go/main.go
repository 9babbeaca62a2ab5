// A program of the AWS SDK for Go v2, reported as TAP. Arguments: a label for the cases, the endpoint, the
// authority (PEM) that signed its certificate, and what ends the stream's name.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
)

var (
	label = os.Args[1]
	url   = os.Args[2]
	name  = fmt.Sprintf("go-%s-%s", label, os.Args[4])
	cases int
	ctx   = context.Background()
	// The protocol of the last answer, "HTTP/1.1" or "HTTP/2.0".
	protocol atomic.Value
)

type observed struct{ inner http.RoundTripper }

func (o observed) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := o.inner.RoundTrip(request)
	if err == nil {
		protocol.Store(response.Proto)
	}
	return response, err
}

func check(what string, body func() error) {
	cases++
	if err := body(); err != nil {
		fmt.Printf("not ok %d - %s: %s\n", cases, label, what)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("ok %d - %s: %s\n", cases, label, what)
}

func newClient(secret string) (*kinesis.Client, error) {
	pem, err := os.ReadFile(os.Args[3])
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("no certificate in the authority's file")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	settings, err := config.LoadDefaultConfig(ctx,
		config.WithRegion("us-east-1"),
		config.WithHTTPClient(&http.Client{Transport: observed{transport}}),
		config.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), secret, "")))
	if err != nil {
		return nil, err
	}
	return kinesis.NewFromConfig(settings, func(o *kinesis.Options) { o.BaseEndpoint = aws.String(url) }), nil
}

func main() {
	client, err := newClient(os.Getenv("AWS_SECRET_ACCESS_KEY"))
	if err != nil {
		panic(err)
	}
	var streamARN, shardID string
	var sent [][]byte

	check("creates a stream and waits for it", func() error {
		input := &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(1)}
		if _, err := client.CreateStream(ctx, input); err != nil {
			return err
		}
		waiter := kinesis.NewStreamExistsWaiter(client, func(o *kinesis.StreamExistsWaiterOptions) {
			o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
		})
		described, err := waiter.WaitForOutput(ctx, &kinesis.DescribeStreamInput{StreamName: &name}, time.Minute)
		if err != nil {
			return err
		}
		streamARN = *described.StreamDescription.StreamARN
		shardID = *described.StreamDescription.Shards[0].ShardId
		return nil
	})

	check("puts and gets records, byte for byte and in order", func() error {
		entries := make([]types.PutRecordsRequestEntry, 500)
		for index := range entries {
			data := append([]byte{0, 255, 128}, fmt.Sprint(index)...)
			sent = append(sent, data)
			entries[index] = types.PutRecordsRequestEntry{Data: data, PartitionKey: aws.String(fmt.Sprint("key ", index))}
		}
		put, err := client.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: &name, Records: entries})
		if err != nil {
			return err
		}
		if *put.FailedRecordCount != 0 {
			return fmt.Errorf("%d records failed", *put.FailedRecordCount)
		}
		iterator, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
			StreamName: &name, ShardId: &shardID, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
		if err != nil {
			return err
		}
		got, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator.ShardIterator})
		if err != nil {
			return err
		}
		for index, record := range got.Records {
			if *record.SequenceNumber != *put.Records[index].SequenceNumber {
				return fmt.Errorf("record %d has sequence number %s", index, *record.SequenceNumber)
			}
		}
		return same(got.Records, sent)
	})

	check("errors are the types of the model", func() error {
		_, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("go-missing")})
		var missing *types.ResourceNotFoundException
		if !errors.As(err, &missing) || !strings.Contains(missing.ErrorMessage(), "go-missing") {
			return fmt.Errorf("no ResourceNotFoundException: %v", err)
		}
		_, err = client.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(1)})
		var inUse *types.ResourceInUseException
		if !errors.As(err, &inUse) {
			return fmt.Errorf("no ResourceInUseException: %v", err)
		}
		stranger, err := newClient("not the secret")
		if err != nil {
			return err
		}
		_, err = stranger.ListStreams(ctx, &kinesis.ListStreamsInput{})
		var refused smithy.APIError
		if !errors.As(err, &refused) || refused.ErrorCode() != "InvalidSignatureException" {
			return fmt.Errorf("no InvalidSignatureException: %v", err)
		}
		return nil
	})

	check("SubscribeToShard: the past, then what is put while it is open", func() error {
		registered, err := client.RegisterStreamConsumer(ctx,
			&kinesis.RegisterStreamConsumerInput{StreamARN: &streamARN, ConsumerName: aws.String("subscriber")})
		if err != nil {
			return err
		}
		consumer := registered.Consumer.ConsumerARN
		for {
			described, err := client.DescribeStreamConsumer(ctx, &kinesis.DescribeStreamConsumerInput{ConsumerARN: consumer})
			if err != nil {
				return err
			}
			if described.ConsumerDescription.ConsumerStatus == types.ConsumerStatusActive {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		subscription, err := client.SubscribeToShard(ctx, &kinesis.SubscribeToShardInput{ConsumerARN: consumer,
			ShardId: &shardID, StartingPosition: &types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}})
		if err != nil {
			return err
		}
		stream := subscription.GetStream()
		defer stream.Close()
		deadline := time.After(30 * time.Second)
		pushed := []byte("pushed")
		var seen []types.Record
		for {
			select {
			case event, open := <-stream.Events():
				if !open {
					return fmt.Errorf("the subscription ended: %v", stream.Err())
				}
				arrived := event.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
				seen = append(seen, arrived.Records...)
				if len(seen) == len(sent) && !bytes.Equal(sent[len(sent)-1], pushed) {
					sent = append(sent, pushed)
					put := &kinesis.PutRecordInput{StreamName: &name, PartitionKey: aws.String("k"), Data: pushed}
					if _, err := client.PutRecord(ctx, put); err != nil {
						return err
					}
				}
				if len(seen) == 501 {
					return same(seen, sent)
				}
			case <-deadline:
				return fmt.Errorf("saw %d records in time", len(seen))
			}
		}
	})

	check("speaks "+map[string]string{"plain": "HTTP/1.1", "TLS": "HTTP/2.0"}[label], func() error {
		if (label == "TLS") != (protocol.Load() == "HTTP/2.0") {
			return fmt.Errorf("it spoke %v", protocol.Load())
		}
		return nil
	})

	check("deletes the stream", func() error {
		input := &kinesis.DeleteStreamInput{StreamName: &name, EnforceConsumerDeletion: aws.Bool(true)}
		_, err := client.DeleteStream(ctx, input)
		return err
	})
	fmt.Printf("1..%d\n", cases)
}

func same(records []types.Record, sent [][]byte) error {
	got := make([][]byte, len(records))
	for index, record := range records {
		got[index] = record.Data
	}
	if !slices.EqualFunc(got, sent, bytes.Equal) {
		return fmt.Errorf("got %d records, sent %d, or they differ", len(got), len(sent))
	}
	return nil
}
